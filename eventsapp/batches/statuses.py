"""The words for actions on many."""

from enum import StrEnum


class BatchAction(StrEnum):
    """What is done to registrations."""

    MESSAGE = "message"
    TICKETS = "tickets"
    PRESENT = "present"
    ABSENT = "absent"
    CANCEL = "cancel"


#: Done by the worker a minute later, and taken back until then.
DEFERRED = frozenset({BatchAction.TICKETS, BatchAction.CANCEL})
#: Done at once, and taken back as long as nothing else was written since.
PRESENCES = frozenset({BatchAction.PRESENT, BatchAction.ABSENT})


class BatchStatus(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


NEXT: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.PLANNED: frozenset({BatchStatus.RUNNING, BatchStatus.UNDONE}),
    BatchStatus.RUNNING: frozenset({BatchStatus.DONE}),
    BatchStatus.DONE: frozenset({BatchStatus.UNDONE}),
    BatchStatus.UNDONE: frozenset(),
}


class ItemOutcome(StrEnum):
    """What became of it for one registration."""

    WAITING = "waiting"
    DONE = "done"
    #: Not done; the item says why.
    LEFT = "left"
    UNDONE = "undone"
