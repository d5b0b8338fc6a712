"""Ways of sending batches; each module has an `Entry` that `worker` can run."""
