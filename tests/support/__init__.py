"""What the tests stand on: databases, servers, makers, counters."""
