"""The words for a seat of somebody."""

from enum import StrEnum


class RegistrationStatus(StrEnum):
    """Where a seat stands."""

    HELD = "held"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"
    CANCELLED = "cancelled"


NEXT: dict[RegistrationStatus, frozenset[RegistrationStatus]] = {
    RegistrationStatus.HELD: frozenset({RegistrationStatus.CONFIRMED, RegistrationStatus.CANCELLED}),
    RegistrationStatus.CONFIRMED: frozenset(
        {RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT, RegistrationStatus.CANCELLED}
    ),
    RegistrationStatus.ATTENDED: frozenset({RegistrationStatus.ABSENT}),
    RegistrationStatus.ABSENT: frozenset({RegistrationStatus.ATTENDED}),
    # A late payment takes the seat again while one is left.
    RegistrationStatus.CANCELLED: frozenset({RegistrationStatus.CONFIRMED}),
}

#: What counts against the capacity.
SEATED = frozenset(
    {
        RegistrationStatus.HELD,
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.ATTENDED,
        RegistrationStatus.ABSENT,
    }
)
