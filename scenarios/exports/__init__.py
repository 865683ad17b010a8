"""Small exports that look like those of live platforms: `fenxiao import` without options reads one of them."""
