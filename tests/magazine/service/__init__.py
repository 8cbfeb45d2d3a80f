"""Everything that writes the magazine."""
