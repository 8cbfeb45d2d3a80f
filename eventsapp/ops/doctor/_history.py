"""I7: every movement of money, every role and every publication has its line in the history."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.models import Role, User, users_roles
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.payments.models import JournalEntry
from eventsapp.payments.statuses import Movement

#: Movement of the journal → what its line of the history may be called.
_TOLD_BY = {
    Movement.PAYMENT: ("payments.record",),
    Movement.REFUND: ("payments.refund", "payments.refund_card", "payments.dispute_lost"),
    Movement.REVERSAL: ("payments.reverse", "payments.undo", "payments.refund_failed"),
    Movement.TRANSFER: ("payments.move",),
}
#: What the last line about an article, or a day, says of its state: action → states.
_ARTICLES = {
    "articles.create": ("draft",),
    "articles.submit": ("in_review",),
    "articles.approve": ("in_review",),
    "articles.request_changes": ("draft",),
    "articles.with_issue": ("scheduled",),
    "articles.reopen": ("draft",),
    "articles.schedule": ("scheduled",),
    "articles.publish": ("published",),
    "articles.withdraw": ("withdrawn",),
}
_DAYS = {
    "study_days.create": ("draft",),
    "study_days.publish": ("published",),
    "study_days.unpublish": ("draft",),
    # Moved to another date, registrations are taken again at once or not yet.
    "study_days.postpone": ("postponed", "published"),
    "study_days.cancel": ("cancelled",),
}
#: States that readers see, or saw.
_SHOWN = ("published", "withdrawn", "postponed", "cancelled")


def untold(*, most: int) -> list[str]:
    """Return what happened and the history does not tell, ``most`` of each kind."""
    return [
        *_movements(most),
        *_roles(most),
        *_publications("article", "articles", _ARTICLES, most),
        *_publications("study_day", "study_days", _DAYS, most),
    ]


def _movements(most: int) -> list[str]:
    """Compare, by order, kind and amount, how often the journal and the history tell of a movement."""
    kind = sa.case(*((AuditEntry.action.in_(actions), movement.value) for movement, actions in _TOLD_BY.items()))
    told_cents = sa.func.abs(AuditEntry.changes["amount_cents"].as_integer())
    told = (
        sa.select(
            AuditEntry.subject_id.label("order_id"),
            kind.label("kind"),
            told_cents.label("cents"),
            sa.func.count().label("times"),
        )
        .where(
            AuditEntry.subject_kind == "order",
            AuditEntry.action.in_([action for actions in _TOLD_BY.values() for action in actions]),
        )
        .group_by(AuditEntry.subject_id, kind, told_cents)
        .subquery()
    )
    moved_cents = sa.func.abs(JournalEntry.amount_cents)
    moved = (
        sa.select(
            JournalEntry.order_id,
            JournalEntry.order_reference.label("reference"),
            JournalEntry.kind,
            moved_cents.label("cents"),
            sa.func.count().label("times"),
        )
        .group_by(JournalEntry.order_id, JournalEntry.order_reference, JournalEntry.kind, moved_cents)
        .subquery()
    )
    times = sa.func.coalesce(told.c.times, 0)
    rows = db.session.execute(
        sa.select(moved.c.reference, moved.c.kind, moved.c.cents, moved.c.times, times)
        .outerjoin(
            told,
            sa.and_(
                told.c.order_id == moved.c.order_id,
                told.c.kind == sa.cast(moved.c.kind, sa.String),
                told.c.cents == moved.c.cents,
            ),
        )
        .where(times < moved.c.times)
        .order_by(moved.c.reference)
        .limit(most)
    )
    return [
        f"order {reference}: {movement} of {cents} cents, {often} in the journal and {told_often} in the history"
        for reference, movement, cents, often, told_often in rows
    ]


def _roles(most: int) -> list[str]:
    """Compare the roles that people have with what the last line about them says."""
    held: dict[int, list[str]] = {}
    for user_id, name in db.session.execute(
        sa.select(users_roles.c.user_id, Role.name).join(Role, Role.id == users_roles.c.role_id).order_by(Role.name)
    ):
        held.setdefault(user_id, []).append(name)
    told: dict[int, str] = {}
    lines = db.session.execute(
        sa.select(AuditEntry.subject_id, AuditEntry.action, AuditEntry.changes)
        .where(AuditEntry.subject_kind == "user", AuditEntry.action.in_(["team.create", "team.edit"]))
        .order_by(AuditEntry.id)
    )
    for user_id, action, changes in lines:
        if "roles" in changes:
            told[user_id] = _after(action, changes["roles"])
    people = dict(db.session.execute(sa.select(User.id, User.email)).all())
    return [
        f"user {people[user_id]}: has {_words(held.get(user_id, []))}, the history says {told.get(user_id, 'nothing')}"
        for user_id in sorted(held.keys() | told.keys())
        if user_id in people and _words(held.get(user_id, [])) != told.get(user_id, _words([]))
    ][:most]


def _after(action: str, roles: Sequence[Any]) -> str:
    """Return the roles that a line says somebody has from then on: given to a new person, or before and after."""
    return _words([str(name) for name in roles]) if action == "team.create" else str(roles[1])


def _words(names: Sequence[str]) -> str:
    return str(sorted(names))


def _publications(kind: str, table: str, states: Mapping[str, tuple[str, ...]], most: int) -> list[str]:
    """Compare the state of what is shown with what the last line about it says."""
    last = (
        sa.select(sa.func.max(AuditEntry.id).label("id"))
        .where(AuditEntry.subject_kind == kind, AuditEntry.action.in_(states))
        .group_by(AuditEntry.subject_id)
        .subquery()
    )
    told = sa.select(AuditEntry.subject_id, AuditEntry.action).join(last, last.c.id == AuditEntry.id).subquery()
    thing = sa.table(table, sa.column("id"), sa.column("slug"), sa.column("status"))
    agrees = sa.or_(*(sa.and_(told.c.action == action, thing.c.status.in_(after)) for action, after in states.items()))
    rows = db.session.execute(
        sa.select(thing.c.slug, thing.c.status, told.c.action)
        .outerjoin(told, told.c.subject_id == thing.c.id)
        .where(thing.c.status.in_(_SHOWN), sa.or_(told.c.action.is_(None), ~agrees))
        .order_by(thing.c.id)
        .limit(most)
    )
    return [
        f"{kind} {slug}: is {status}, the history's last word is {action or 'nothing'}" for slug, status, action in rows
    ]
