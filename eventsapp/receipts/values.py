"""What is proposed for a line of the statement, and found for a search."""

from dataclasses import dataclass

from eventsapp.payments.values import Part, StatementLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An order that awaits money, with what a statement's words may name it by."""

    order_id: int
    reference: str
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    balance_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Orders that a line may pay, how much each, and why it looks so."""

    parts: tuple[Part, ...]
    references: tuple[str, ...]
    #: ``reference``, ``amount``, ``name``.
    reasons: tuple[str, ...]
    score: int

    @property
    def names_order(self) -> bool:
        """Whether the line names what it pays, which counts more than any amount."""
        return "reference" in self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a bank's file says."""

    lines: tuple[StatementLine, ...]
    #: The numbers, in the file, of the lines that tell of a movement and cannot be read.
    unreadable: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the lines of a file."""

    new: int
    known: int
    #: Money that went out: nothing of ours.
    outgoing: int
    #: The numbers, in the file, of the lines that nobody could read.
    unreadable: tuple[int, ...]
