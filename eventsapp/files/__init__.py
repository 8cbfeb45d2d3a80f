"""Uploads: checked by content, stored, served harmlessly."""
