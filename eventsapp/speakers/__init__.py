"""People who speak; what they did that day is kept in study_days."""
