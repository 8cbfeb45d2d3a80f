"""Reminders in the office, and their letters for whoever has the order's link."""
