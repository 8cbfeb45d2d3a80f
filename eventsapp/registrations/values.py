"""What forms and the API hand over about a participant."""

from dataclasses import dataclass

from eventsapp.core.texts import fold


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

    @property
    def identity(self) -> tuple[str, str]:
        """What two seats of one person share, however it is typed; several people may share an address."""
        return identity(email=self.email, first_name=self.first_name, last_name=self.last_name)


def identity(*, email: str, first_name: str, last_name: str) -> tuple[str, str]:
    """Return an address and a name without what people type differently: capitals, accents, spaces."""
    return email.strip().lower(), "".join((fold(f"{first_name}{last_name}") or "").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberSeat:
    """A seat held at the subscriber rate: whose it is, and who bought it."""

    email: str
    buyer_email: str
    siret: str
