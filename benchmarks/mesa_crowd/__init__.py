"""The store's market once more, as plain Mesa agents: what a careful Mesa user would write, one object a person."""
