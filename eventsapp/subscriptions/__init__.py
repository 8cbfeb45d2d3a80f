"""Plans, contracts, and what a subscriber has a right to."""
