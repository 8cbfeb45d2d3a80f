"""Orders and their lines: what was bought, by whom, for how much; knows nothing of the goods."""
