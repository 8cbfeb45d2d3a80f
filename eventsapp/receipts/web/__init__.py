"""Invoices for whoever has the link of the order, and in the office."""
