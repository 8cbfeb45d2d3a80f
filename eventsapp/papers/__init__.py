"""How a paper is made: PDF, spreadsheet, calendar; which paper is said by the rooms' ``papers.py``."""
