"""What is handed over about a program that was let in."""

from dataclasses import dataclass, field

from eventsapp.api.statuses import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Whoever shows a token; the history names it by the token's name."""

    token_name: str
    scopes: frozenset[Scope]
    #: Nobody who signs in: the history has no key for it.
    id: None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return f"Jeton « {self.token_name} »"
