"""Tickets, and who came: people let in at the door, presences by half-day."""
