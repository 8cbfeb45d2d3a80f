"""Pages of the office about promotional codes."""
