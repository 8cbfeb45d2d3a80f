"""Tests of what is written about actions on many."""
