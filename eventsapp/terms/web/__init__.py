"""Pages of the terms of sale."""
