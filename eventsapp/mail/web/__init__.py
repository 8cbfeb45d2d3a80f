"""Mails in the office."""
