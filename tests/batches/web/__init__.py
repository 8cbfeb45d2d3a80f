"""Tests of the pages of actions on many."""
