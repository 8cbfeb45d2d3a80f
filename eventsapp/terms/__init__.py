"""The terms of sale: their versions, and which of them each order accepted."""
