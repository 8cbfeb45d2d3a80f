"""Plans and contracts."""

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask.testing import FlaskClient

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.subscriptions.models import Contract, Plan, PlanComponent
from eventsapp.subscriptions.statuses import Audience, ContractStatus, Edition
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW
from tests.support.makers.vat import category_at

_numbers = itertools.count(1)


def make_plan(*, vat_rate: int = 210, parts: Sequence[tuple[str, str, int]] = (), **values: Any) -> Plan:
    """Make a digital plan for one reader at 129 €, all at ``vat_rate``, or of ``parts``: label, category, cents."""
    number = next(_numbers)
    given = {
        "slug": f"formule-{number}",
        "name": f"individuel {number}",
        "audience": Audience.INDIVIDUAL,
        "edition": Edition.DIGITAL,
        "months": 12,
        "readers": 1,
        "price_cents": 12900,
        "position": number,
    }
    plan = Plan(**given | values)
    made_of = parts or [("", category_at(vat_rate), plan.price_cents)]
    plan.components = [
        PlanComponent(position=position, label=label, category=category, cents=cents)
        for position, (label, category, cents) in enumerate(made_of, start=1)
    ]
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
        "plan_copies": plan.copies,
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2027, 5, 31),
        "created_at": NOW,
    }
    contract = Contract(**given | values)
    db.session.add(contract)
    db.session.commit()
    return contract


def sign_in_subscriber(client: FlaskClient, email: str = "d@exemple.fr") -> User:
    """Open a session as somebody who subscribes, also long after ``NOW``."""
    person = make_user(email=email)
    make_contract(email, ends_on=date(2099, 1, 1))
    sign_in(client, person)
    return person
