"""Hand-over to the live system: conformance vectors, platforms' configuration read and written."""
