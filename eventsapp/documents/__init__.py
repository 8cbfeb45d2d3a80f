"""Who may have the documents of a day, and where they are handed over."""
