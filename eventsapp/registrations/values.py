"""What forms and the API hand over about a participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from flask_babel import gettext as _

from eventsapp.core.texts import fold
from eventsapp.study_days.statuses import QuestionKind

#: An answer to a question of the organiser, as it is kept and as the API tells it.
Value: TypeAlias = str | int | bool | list[str]


class Asked(Protocol):
    """What has to be known of a question to check its answer."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> QuestionKind: ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """One person to be registered, at the rate with that code; without a name yet when only the rate is given."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    rate: str
    job_title: str = ""
    access_needs: str = ""
    #: To the organiser's questions, by their code.
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether it is known whom the seat is for."""
        return bool(self.last_name)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or _("Place à nommer")

    @property
    def identity(self) -> tuple[str, str]:
        """What two seats of one person share, however it is typed; several people may share an address."""
        return identity(email=self.email, first_name=self.first_name, last_name=self.last_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a seat is for."""

    first_name: str
    last_name: str
    email: str
    job_title: str = ""
    access_needs: str = ""


def people_of_line(names: Sequence[str], *, of: int) -> str:
    """Return whom a line of ``of`` seats is for, as bills have it: in French, with how many have no name yet."""
    unnamed = of - len(names)
    if not unnamed:
        return ", ".join(names)
    return ", ".join([*names, "1 place à nommer" if unnamed == 1 else f"{unnamed} places à nommer"])


def identity(*, email: str, first_name: str, last_name: str) -> tuple[str, str]:
    """Return an address and a name without what people type differently: capitals, accents, spaces."""
    return email.strip().lower(), "".join((fold(f"{first_name}{last_name}") or "").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberSeat:
    """A seat held at the subscriber rate: whose it is, and who bought it."""

    email: str
    buyer_email: str
    siret: str
