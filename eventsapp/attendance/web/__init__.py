"""Pages of tickets, of the door, and of presences in the office."""
