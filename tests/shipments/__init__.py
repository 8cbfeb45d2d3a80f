"""Tests of what goes out on paper."""
