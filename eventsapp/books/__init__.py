"""The accountant's books: entries in the columns of the FEC, VAT by rate, revenue by product and method."""
