"""Sign-in, the visitor’s own account, and the team."""
