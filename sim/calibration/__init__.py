"""From an operator's own data to the people of a scenario: what the data say of behaviour, how surely, and what not."""
