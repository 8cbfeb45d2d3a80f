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


def before(after: RegistrationStatus) -> frozenset[RegistrationStatus]:
    """Return in which of them a seat may come to stand in ``after``."""
    return frozenset(status for status, following in NEXT.items() if after in following)


#: What counts against the capacity.
SEATED = frozenset(
    {
        RegistrationStatus.HELD,
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.ATTENDED,
        RegistrationStatus.ABSENT,
    }
)
