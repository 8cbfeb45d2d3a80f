"""Cities and venues in the office."""
