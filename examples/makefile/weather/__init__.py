"""Says how warm it is."""
