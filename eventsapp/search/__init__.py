"""Full text over days, sessions, speakers and articles."""
