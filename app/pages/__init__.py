"""A module a page: `show(lang)` shows it."""
