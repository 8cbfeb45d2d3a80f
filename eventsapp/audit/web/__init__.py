"""The history in the office."""
