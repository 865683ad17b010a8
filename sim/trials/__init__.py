"""What a live A/B test would have said: trials of two plans in worlds where the truth is known."""
