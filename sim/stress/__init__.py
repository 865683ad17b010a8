"""What a store's machines and people can bear: load, faults, and how much of both there may be."""
