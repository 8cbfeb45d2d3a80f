"""Tests of the pages of what goes out on paper."""
