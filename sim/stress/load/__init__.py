"""Load: the events of a market, brought to a database by many clients at once, and what came of it."""
