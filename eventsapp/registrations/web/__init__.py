"""Pages of registrations."""
