"""What make and people run."""
