"""Tests of the dossiers of public bodies."""
