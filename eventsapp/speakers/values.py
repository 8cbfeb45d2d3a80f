"""What the office writes of a speaker."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerDraft:
    """A speaker; the biography is in Markdown and shown, like the photograph, from the day of consent on."""

    first_name: str
    last_name: str
    biography: str = ""
    website: str = ""
    #: Never shown; to write to the person.
    email: str = ""
    consent_on: date | None = None
