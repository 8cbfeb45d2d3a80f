"""Makers: rows of each room with only what a test is about; the rest is plausible."""
