"""What forms hand over about a group that waits, and what pages show of its place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who asks for how many seats, and at which rate."""

    first_name: str
    last_name: str
    email: str
    seats: int
    rate_code: str
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a group stands among those that wait, from 1, and how many groups and seats come before it."""

    position: int
    groups_before: int
    seats_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a day's list comes to: groups that wait and their seats, and seats kept by open offers."""

    groups: int = 0
    seats: int = 0
    offered_seats: int = 0
