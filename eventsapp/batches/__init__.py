"""Actions on many registrations at once: what was asked, of whom it was done, of whom not and why; taking it back."""
