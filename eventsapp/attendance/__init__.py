"""Who came: people let in at the door, presences by half-day."""
