"""One seat of one person."""
