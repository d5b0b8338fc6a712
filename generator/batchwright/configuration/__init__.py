"""What the user has settled: `[tool.batchwright]` and the flags over it."""
