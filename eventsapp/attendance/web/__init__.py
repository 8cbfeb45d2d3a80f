"""Pages of the door, and of presences in the office."""
