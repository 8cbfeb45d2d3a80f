"""Journeys across rooms, with real processes, services and a browser."""
