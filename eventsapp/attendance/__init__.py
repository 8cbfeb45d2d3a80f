"""Tickets: what opens the door of a day, as paper and in the calendar."""
