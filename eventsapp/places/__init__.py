"""Cities and venues, and how to get there."""
