"""Who waits for a seat at a full day, and the seats that are kept for them when some are free."""
