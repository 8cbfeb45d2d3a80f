"""Tests of actions on many registrations."""
