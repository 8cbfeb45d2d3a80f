"""Reading plans."""

from collections.abc import Iterable, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.subscriptions.models import Plan

#: A price has a part or two: cheaper joined than by a query of their own.
_WHOLE = joinedload(Plan.components)


def plans() -> Sequence[Plan]:
    """Return the plans on offer, in their order, their components loaded."""
    return (
        db.session.scalars(sa.select(Plan).where(Plan.published).options(_WHOLE).order_by(Plan.position, Plan.id))
        .unique()
        .all()
    )


def plan(slug: str) -> Plan | None:
    """Return the plan on offer with that slug, or ``None``."""
    return db.session.scalar(sa.select(Plan).where(Plan.published, Plan.slug == slug))


def plans_named(slugs: Iterable[str]) -> dict[str, Plan]:
    """Return the plans on offer among ``slugs``, by slug, their components loaded."""
    wanted = list(slugs)
    if not wanted:
        return {}
    found = db.session.scalars(sa.select(Plan).where(Plan.published, Plan.slug.in_(wanted)).options(_WHOLE)).unique()
    return {row.slug: row for row in found}


def cheapest_plan() -> Plan | None:
    """Return the plan that « à partir de » names, or ``None`` while nothing is on offer."""
    return db.session.scalar(_cheapest())


@cache
def _cheapest() -> sa.Select[Plan]:
    return sa.select(Plan).where(Plan.published).order_by(Plan.price_cents, Plan.position).limit(1)


def any_plan(slug: str) -> Plan | None:
    """Return the plan with that slug, on offer or not, its components loaded, or ``None``."""
    return db.session.scalars(sa.select(Plan).where(Plan.slug == slug).options(_WHOLE)).unique().one_or_none()
