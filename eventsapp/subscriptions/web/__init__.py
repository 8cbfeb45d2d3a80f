"""Pages of plans and subscriptions."""
