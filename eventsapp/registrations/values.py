"""What forms and the API hand over about a participant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """One person to be registered, at the rate with that code."""

    first_name: str
    last_name: str
    email: str
    rate: str
    job_title: str = ""
    access_needs: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
