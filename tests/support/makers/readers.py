"""Institutions with readers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract, Manager, Member, Plan
from eventsapp.subscriptions.statuses import Audience
from eventsapp.subscriptions.values import Delivery
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

#: Who bought the contract, manages it and has its first seat.
BUYER = "achats@ville.example"


def make_institution_plan(readers: int, **values: Any) -> Plan:
    """Make a plan for so many readers."""
    given = {"name": f"Institution, {readers} lecteurs", "name_en": f"Institution, {readers} readers"}
    return make_plan(readers=readers, audience=Audience.INSTITUTION, **given | values)


def make_institution(
    readers: int = 10,
    *,
    email: str = BUYER,
    today: date = date(2026, 6, 1),
    now: datetime = NOW,
    renews: Contract | None = None,
    **plan: Any,
) -> Contract:
    """Make the contract of an institution that began on ``today``, and give its seats; from then on its people read."""
    bought = make_institution_plan(readers, **plan)
    with unit_of_work.transaction():
        contract = service.open_contract(
            bought,
            line=None,
            email=email,
            delivery=Delivery(name="Ville de Saint-Aubry"),
            organisation_id=None,
            renews=again(renews) if renews else None,
            now=now,
        )
        db.session.flush()
        service.start(contract, today=today, now=now)
    return again(contract)


def again(contract: Contract) -> Contract:
    """Return a contract as it stands now, in full."""
    db.session.expire_all()
    found = queries.contract(contract.id)
    assert found is not None
    return found


def readership(contract: Contract) -> int:
    """Return whose people a contract has."""
    assert contract.readership_id is not None
    return contract.readership_id


def manager_of(contract: Contract) -> Manager:
    """Return the first manager."""
    return queries.managers_of(readership(contract))[0]


def invited(contract: Contract, *emails: str, now: datetime = NOW) -> list[Member]:
    """Invite these addresses; return who they are, in their order."""
    with unit_of_work.transaction():
        service.invite(readership(contract), "\n".join(emails), by=BUYER, locale="fr", now=now)
    return [found(contract, email) for email in emails]


def joined(contract: Contract, *emails: str, now: datetime = NOW) -> list[Member]:
    """Invite these addresses and let each accept; return who they are, in their order."""
    for member in invited(contract, *emails, now=now):
        with unit_of_work.transaction():
            service.accept(member.secret, now=now)
    return [found(contract, email) for email in emails]


def found(contract: Contract, email: str) -> Member:
    """Return the person with that address as they stand now."""
    db.session.expire_all()
    member = queries.member_with(readership(contract), email)
    assert member is not None
    return member


def seats(contract: Contract) -> Sequence[str]:
    """Return the addresses of those who have a seat of a contract, and see that it counts them."""
    db.session.expire_all()
    emails = [member.email for member in queries.seated(contract.id)]
    assert db.session.scalar(sa.select(Contract.seats_taken).where(Contract.id == contract.id)) == len(emails)
    return emails
