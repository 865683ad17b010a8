"""A simulated run as the tables that a platform's database would hold of it, for an import to read back."""
