"""Any number of inputs, one outcome for each: nothing lost, and nothing done twice.

The engine decides, and does no I/O: `engine` with `chunks`, `matching`, `retrying`,
`isolation` and `budget`. Two drivers do what it says: `sync_driver`, `async_driver`.
"""
