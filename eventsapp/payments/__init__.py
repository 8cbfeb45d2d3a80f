"""Methods as data, payments and refunds as rows, and the way to Stripe."""
