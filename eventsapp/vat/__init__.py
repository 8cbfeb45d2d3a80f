"""Categories of value added tax, their rates from a date on, and how a price is split over them."""
