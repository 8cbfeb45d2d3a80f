"""Pages about value added tax."""
