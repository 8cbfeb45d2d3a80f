"""The JSON interface: tokens and the OpenAPI document."""
