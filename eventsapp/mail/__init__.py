"""Mail: rows written with their cause, sent afterwards, kept in sight."""
