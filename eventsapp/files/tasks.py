"""Background entry of the files."""

from eventsapp.files import service


def tidy() -> int:
    """Delete bytes that no row names."""
    return service.delete_forgotten()
