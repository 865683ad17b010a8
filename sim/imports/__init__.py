"""An operator's own exports as a folder that replay reads: nothing lost, nothing executed, nobody named."""
