"""Studies 研究: many runs at points of a space of plans and markets, to see what matters and what is best."""
