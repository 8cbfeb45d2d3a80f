"""Pages of study days."""
