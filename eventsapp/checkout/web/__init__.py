"""Pages of the checkout: registration, basket, order."""
