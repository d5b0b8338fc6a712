"""Files and the disk: what is there, what would change, and changing it."""
