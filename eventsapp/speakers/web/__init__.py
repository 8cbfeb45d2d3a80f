"""Pages of speakers."""
