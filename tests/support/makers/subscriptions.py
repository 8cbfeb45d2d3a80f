"""Plans and contracts."""

import itertools
from datetime import date
from typing import Any

from eventsapp.core.db import db
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Audience, ContractStatus, Edition
from tests.support.makers.study_days import NOW

_numbers = itertools.count(1)


def make_plan(**values: Any) -> Plan:
    """Make a digital plan for one reader at 129 €."""
    number = next(_numbers)
    given = {
        "slug": f"formule-{number}",
        "name": f"individuel {number}",
        "audience": Audience.INDIVIDUAL,
        "edition": Edition.DIGITAL,
        "months": 12,
        "readers": 1,
        "price_cents": 12900,
        "vat_rate": 210,
        "position": number,
    }
    plan = Plan(**given | values)
    db.session.add(plan)
    db.session.commit()
    return plan


def make_contract(email: str, **values: Any) -> Contract:
    """Make a running subscription of ``email``."""
    plan = values.pop("plan", None) or make_plan()
    given = {
        "plan_id": plan.id,
        "status": ContractStatus.ACTIVE,
        "email": email,
        "readers": plan.readers,
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2027, 5, 31),
        "created_at": NOW,
    }
    contract = Contract(**given | values)
    db.session.add(contract)
    db.session.commit()
    return contract
