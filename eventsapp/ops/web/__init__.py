"""Addresses for those who watch the installation."""
