"""Pages of the magazine and of its newsroom."""
