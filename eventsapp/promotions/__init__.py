"""Promotional codes: what they take off, what they are for, and how often they were used."""
