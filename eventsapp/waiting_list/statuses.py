"""The words for where a group on the list stands, and what became of an offer."""

from enum import StrEnum


class EntryStatus(StrEnum):
    """Where a group stands."""

    WAITING = "waiting"
    #: Seats are kept for it until the offer ends.
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: The offer ended without an answer.
    LAPSED = "lapsed"
    #: By itself, before anything was offered.
    LEFT = "left"
    #: By the office.
    REMOVED = "removed"
    #: The list ended: the day is called off, or registrations closed.
    DISSOLVED = "dissolved"


NEXT: dict[EntryStatus, frozenset[EntryStatus]] = {
    EntryStatus.WAITING: frozenset({EntryStatus.OFFERED, EntryStatus.LEFT, EntryStatus.REMOVED, EntryStatus.DISSOLVED}),
    EntryStatus.OFFERED: frozenset(
        {
            EntryStatus.ACCEPTED,
            EntryStatus.DECLINED,
            EntryStatus.LAPSED,
            EntryStatus.REMOVED,
            EntryStatus.DISSOLVED,
            # The day is postponed: the group keeps its place.
            EntryStatus.WAITING,
        }
    ),
    # The card was not paid in time and the offer still runs; or its money came after all.
    EntryStatus.ACCEPTED: frozenset({EntryStatus.OFFERED}),
    EntryStatus.DECLINED: frozenset(),
    EntryStatus.LAPSED: frozenset(),
    EntryStatus.LEFT: frozenset(),
    EntryStatus.REMOVED: frozenset(),
    EntryStatus.DISSOLVED: frozenset(),
}

#: On the list still: one address has one such place at a day.
LIVE = frozenset({EntryStatus.WAITING, EntryStatus.OFFERED})


class OfferOutcome(StrEnum):
    """How an offer ended; one that is open has none."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    #: Taken back: the day is postponed or called off, or the office removed the group.
    WITHDRAWN = "withdrawn"


class ListEnd(StrEnum):
    """Why a group is told that it waits no more."""

    CALLED_OFF = "called_off"
    CLOSED = "closed"
    REMOVED = "removed"


class Joined(StrEnum):
    """What asking for a place on the list came to."""

    NEW = "new"
    #: The same form, sent twice.
    SAME_FORM = "same_form"
    #: That address has a place already; its link was sent again.
    KNOWN = "known"
