"""Study days, subscriptions and reports of a professional magazine, in one application."""
