"""Tests of what writes the newsletter."""
