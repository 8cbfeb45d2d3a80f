"""Pages of actions on many."""
