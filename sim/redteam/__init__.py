"""Red team 红队: simulated cheats with several accounts look for the most profitable abuse of a plan."""
