"""What the office's form hands over about a promotional code."""

from dataclasses import dataclass
from datetime import date

from eventsapp.promotions.statuses import PromoKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDraft:
    """A code as the office writes it; ``value`` in whole percent or in cents, by its kind."""

    code: str
    kind: PromoKind
    value: int
    uses_limit: int | None
    valid_from: date | None
    valid_until: date | None
    for_everything: bool
    day_ids: frozenset[int]
    plan_ids: frozenset[int]
    note: str
    enabled: bool
