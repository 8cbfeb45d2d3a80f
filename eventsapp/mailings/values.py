"""What forms hand to services: an audience, a draft; and one of those written to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from eventsapp.mailings.statuses import Basis, Naming, Presence, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a message is for, as filters; an empty one of them narrows nothing."""

    basis: Basis = Basis.REGISTRATIONS
    #: Keys of days, for participants and waiting lists.
    days: tuple[int, ...] = ()
    #: Codes of rates.
    rates: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = (Seat.CONFIRMED,)
    presence: Presence = Presence.ANY
    naming: Naming = Naming.ANY
    #: Keys of registrations, where somebody picked them one by one.
    chosen: tuple[int, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Audience":
        """Return what ``kept`` made."""
        return cls(
            basis=Basis(data["basis"]),
            days=tuple(data["days"]),
            rates=tuple(data["rates"]),
            seats=tuple(Seat(word) for word in data["seats"]),
            presence=Presence(data["presence"]),
            naming=Naming(data["naming"]),
            chosen=tuple(data.get("chosen", ())),
        )

    @property
    def kept(self) -> dict[str, Any]:
        """What the database keeps of it."""
        return {name: list(value) if isinstance(value, tuple) else value.value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message as somebody writes it."""

    subject: str
    body: str
    reply_to: str = ""
    audience: Audience = field(default_factory=Audience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """One address of an audience, and what its placeholders stand for."""

    #: Names the row it comes from: « inscription-12 ».
    key: str
    address: str
    name: str
    study_day_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
