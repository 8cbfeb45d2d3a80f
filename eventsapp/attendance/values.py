"""What the door hands over and is told."""

from dataclasses import dataclass
from datetime import date, datetime

from eventsapp.attendance.statuses import PART_LABELS, Outcome, Part


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The morning or the afternoon of a date, where the day is held."""

    on: date
    part: Part

    @property
    def rank(self) -> tuple[date, int]:
        """What half-days are sorted by."""
        return self.on, list(Part).index(self.part)

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.on.isoformat()}-{self.part.value}"

    @property
    def label(self) -> str:
        return str(PART_LABELS[self.part])

    @classmethod
    def of(cls, key: str) -> "HalfDay":
        """Return the half-day with that key."""
        on, part = key.rsplit("-", 1)
        return cls(date.fromisoformat(on), Part(part))


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the programme, by the clock where the day is held; a break teaches nothing."""

    begins: datetime
    ends: datetime
    is_break: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPapersDraft:
    """What the office says of the papers of one day."""

    is_training: bool
    action_nature: str
    sends_next_day: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingDraft:
    """The sentences on papers, as the office writes them."""

    signatory: str
    signed_at: str
    attendance_text: str
    completion_text: str
    completion_pledge: str
    sheet_text: str
    convocation_text: str
    agreement_text: str
    keep_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A ticket shown at a door, or a name touched; ``at`` and ``key`` come from phones that were offline."""

    code: str = ""
    #: The seat of somebody found by name.
    registration_id: int | None = None
    at: datetime | None = None
    #: How the door or its phone calls itself.
    device: str = ""
    #: The same scan handed over twice is one: it has the same key.
    key: str | None = None
    #: The key of an earlier scan of that seat, which is taken back instead.
    undoes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and by whom something was done at a door."""

    device: str = ""
    by_id: int | None = None
    by_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What whoever stands at the door is told about a ticket or a person; times are local."""

    outcome: Outcome
    code: str = ""
    key: str | None = None
    check_in_id: int | None = None
    registration_id: int | None = None
    name: str = ""
    rate: str = ""
    #: Who is billed: the town hall, or the person.
    booked_by: str = ""
    #: When it was scanned, and for a ticket shown before: when and where it let somebody in.
    at: datetime | None = None
    first_at: datetime | None = None
    first_device: str = ""
    #: For a ticket that was replaced: by whose, and when.
    reason: str = ""
    #: For a ticket of another day: which one.
    other_day_id: int | None = None
    #: The other seats of the order at this day that nobody has come for yet.
    others: tuple["Seat", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat of the same order."""

    registration_id: int
    name: str
    rate: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many seats of a day are confirmed, and of these how many people came, and were noted absent."""

    expected: int = 0
    arrived: int = 0
    absent: int = 0

    @property
    def awaited(self) -> int:
        """Of whom nobody has said anything yet."""
        return self.expected - self.arrived - self.absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a sheet says of one seat: half-day → whether somebody was there."""

    registration_id: int
    present: dict[HalfDay, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A line of a file of presences: what it says, and whose it was found to be."""

    number: int
    #: As it stands in the file: the name, the address or the code.
    text: str
    present: dict[HalfDay, bool]
    registration_id: int | None = None
    name: str = ""
    #: Why it counts for nobody.
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file of presences, read."""

    lines: tuple[SheetLine, ...]
    half_days: tuple[HalfDay, ...]

    @property
    def found(self) -> list[SheetLine]:
        return [line for line in self.lines if line.registration_id is not None]

    @property
    def lost(self) -> list[SheetLine]:
        """The lines that count for nobody."""
        return [line for line in self.lines if line.registration_id is None]

    @property
    def marks(self) -> list[Marks]:
        return [
            Marks(registration_id=line.registration_id, present=line.present)
            for line in self.lines
            if line.registration_id is not None
        ]
