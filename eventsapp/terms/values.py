"""The terms of sale in one language, as written and as drafted."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one version in one language; of the shipped text the number is 0, and nobody dated it."""

    number: int
    locale: str
    title: str
    #: In Markdown, names in double square brackets not filled in.
    body: str
    version_id: int | None = None
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDraft:
    """A version as the office writes it."""

    in_force_from: date
    title: str
    body: str
    title_en: str = ""
    body_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerDraft:
    """What the office says of consumers; see ``models.ConsumerSettings``."""

    withdrawal_days: int
    first_issue_days: int
    events_exempt: bool
    mediator: str
