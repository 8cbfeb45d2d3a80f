"""The way back to the list that somebody came from."""

from eventsapp.accounts.access import OFFICE_PREFIX


def back_to(address: str, *, otherwise: str, longest: int = 2000) -> str:
    """Return the address of the office's page to go back to; for a page elsewhere, or none, ``otherwise``."""
    plain = address.startswith(OFFICE_PREFIX) and "\\" not in address and len(address) <= longest
    return address if plain else otherwise
