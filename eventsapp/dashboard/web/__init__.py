"""The first page of the office, its search, and the frame around its pages."""
