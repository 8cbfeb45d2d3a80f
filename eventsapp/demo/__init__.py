"""What makes the application show itself without the outside world: the demonstration and the payment sandbox."""
