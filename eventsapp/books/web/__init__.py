"""The books in the office."""
