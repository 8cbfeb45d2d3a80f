"""Issues, articles, reports linked to days and sessions, comments, sharing."""
