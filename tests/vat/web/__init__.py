"""Tests of the pages of the room of that name."""
