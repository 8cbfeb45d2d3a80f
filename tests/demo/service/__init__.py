"""What loading the demonstration leaves behind."""
