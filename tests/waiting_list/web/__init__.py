"""Tests of the pages of the waiting list."""
