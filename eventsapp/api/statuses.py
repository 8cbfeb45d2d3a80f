"""The words of tokens."""

from enum import StrEnum


class Scope(StrEnum):
    """What a program may do with its token."""

    #: Let people in on the day.
    DOOR = "door"
    #: Read who is registered, and orders.
    ORGANISER = "organiser"
    #: Write reports.
    EDITOR = "editor"
    #: Read orders.
    ACCOUNTANT = "accountant"
