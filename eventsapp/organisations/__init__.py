"""Public bodies and companies that register people and subscribe."""
