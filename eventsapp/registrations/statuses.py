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
    # Back to confirmed when somebody was let in, or noted absent, by mistake.
    RegistrationStatus.ATTENDED: frozenset({RegistrationStatus.CONFIRMED, RegistrationStatus.ABSENT}),
    RegistrationStatus.ABSENT: frozenset({RegistrationStatus.CONFIRMED, RegistrationStatus.ATTENDED}),
    # A late payment takes the seat again while one is left.
    RegistrationStatus.CANCELLED: frozenset({RegistrationStatus.CONFIRMED}),
}


class NamedBy(StrEnum):
    """Who said whom a seat is for."""

    BUYER = "buyer"
    #: The person, through the private link of the seat.
    SELF = "self"
    OFFICE = "office"


class NamingReminder(StrEnum):
    """The reminders that a seat has no name yet, by how long before the day they are due."""

    FORTNIGHT = "fortnight"
    LAST_DAYS = "last_days"


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

#: What a ticket is for.
CONFIRMED = SEATED - {RegistrationStatus.HELD}
