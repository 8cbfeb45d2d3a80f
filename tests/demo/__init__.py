"""The demonstration and the payment sandbox."""
