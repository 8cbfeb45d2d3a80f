"""What is read, by whom as a kind and never as a person; how subscriptions go; what a day leads to."""
