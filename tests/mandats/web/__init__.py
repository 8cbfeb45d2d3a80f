"""Tests of the pages of dossiers."""
