"""Says what runs out in a warehouse."""
