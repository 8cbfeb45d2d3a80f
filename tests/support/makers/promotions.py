"""Promotional codes."""

from typing import Any

from eventsapp.core.db import db
from eventsapp.promotions.models import PromoCode
from eventsapp.promotions.statuses import PromoKind
from tests.support.makers.study_days import NOW


def make_code(code: str = "BIENVENUE", **values: Any) -> PromoCode:
    """Make a code that takes 20 % off everything."""
    given = {"kind": PromoKind.PERCENT, "value": 20, "created_at": NOW}
    made = PromoCode(code=code, **given | values)
    db.session.add(made)
    db.session.commit()
    return made
