"""Messages to many: written by the office, or sent by themselves before a day."""
