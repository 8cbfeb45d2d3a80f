"""Pages of the dossiers of public bodies."""
