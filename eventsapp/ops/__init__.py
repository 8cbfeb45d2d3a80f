"""Health, and what an operator asks of the installation."""
