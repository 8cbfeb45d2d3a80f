"""Tests of what writes messages."""
