"""Quotes, invoices and credit notes: numbers without gaps, frozen contents, PDF and Factur-X."""
