"""Money by hand: what came in matched with its orders, cheques and their slips, the bank's statement."""
