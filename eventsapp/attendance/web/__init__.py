"""Pages of attendance: tickets."""
