"""The app: pages only. Every figure comes from a function that the command line uses too."""
