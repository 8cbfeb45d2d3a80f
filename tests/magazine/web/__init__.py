"""Pages of the magazine."""
