"""What people thought of a day: its questionnaire, their answers, what they say together."""
