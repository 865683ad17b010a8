"""A shop behind HTTP: the contract that it keeps, a reference server, and who calls on it under load."""
