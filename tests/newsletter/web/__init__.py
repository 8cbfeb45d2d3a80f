"""Tests of the pages of the newsletter."""
