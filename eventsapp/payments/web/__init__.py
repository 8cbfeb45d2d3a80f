"""Stripe’s messages, and money typed by the office."""
