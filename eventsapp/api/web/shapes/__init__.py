"""What goes in and out of the interface, one module a resource: the source of the OpenAPI document."""
