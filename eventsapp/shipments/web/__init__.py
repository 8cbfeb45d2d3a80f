"""Pages of what goes out on paper."""
