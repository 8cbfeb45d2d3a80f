"""Tests: they mirror the tree of the application; journeys across rooms are in ``journeys``."""
