"""What the sandbox shows over HTTP: the API, the payment page, the controls, the board."""
