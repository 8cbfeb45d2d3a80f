"""Writing promotional codes, and counting their uses."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.promotions import queries, rules
from eventsapp.promotions.errors import CodeTaken
from eventsapp.promotions.models import PromoCode, Redemption
from eventsapp.promotions.values import CodeDraft
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan


def save_code(found: PromoCode | None, draft: CodeDraft, *, actor: User, now: datetime) -> PromoCode:
    """Write a new code, or change one; orders placed before keep their discount.

    Raises ``Invalid`` for what can never be used and ``CodeTaken``.
    """
    rules.require_possible(
        code=draft.code,
        kind=draft.kind,
        value=draft.value,
        uses_limit=draft.uses_limit,
        uses_count=found.uses_count if found else 0,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        for_everything=draft.for_everything,
        chosen=len(draft.day_ids) + len(draft.plan_ids),
    )
    values = {name: value for name, value in asdict(draft).items() if name not in {"day_ids", "plan_ids"}}
    days, plans = _days(draft), _plans(draft)
    before = _as_told(found) if found else {}
    try:
        with db.session.begin_nested():
            if found is None:
                saved = PromoCode(created_at=now, days=days, plans=plans, **values)
                db.session.add(saved)
            else:
                saved = found
                for name, value in values.items():
                    setattr(saved, name, value)
                saved.days, saved.plans = days, plans
    except IntegrityError as error:
        told = _("Ce code existe déjà, ou a trop servi entre-temps.")
        raise CodeTaken(told, errors={"/code": told}) from error
    changes = audit.difference(before, _as_told(saved)) if before else {}
    audit.record(
        "promo_codes.edit", subject=("promo_code", saved.id, saved.code), now=now, actor=actor, changes=changes
    )
    return saved


def redeem(code: PromoCode, order: Order, *, discount_cents: int, now: datetime) -> None:
    """Count a use of ``code`` by a new order; raise ``CodeRefused`` when none is left.

    The database compares and counts in one statement, so that two orders at once never take the same use.
    """
    if not _take(code.id):
        raise rules.used_up()
    db.session.add(Redemption(promo_code_id=code.id, order_id=order.id, discount_cents=discount_cents, redeemed_at=now))
    db.session.flush()


def give_back(order_id: int, *, now: datetime) -> None:
    """Let the use of an order that is cancelled or expired be free again; asked twice, it is given back once."""
    code_id = db.session.scalar(
        sa.update(Redemption)
        .where(Redemption.order_id == order_id, Redemption.returned_at.is_(None))
        .values(returned_at=now)
        .returning(Redemption.promo_code_id)
    )
    if code_id is not None:
        db.session.execute(
            sa.update(PromoCode).where(PromoCode.id == code_id).values(uses_count=PromoCode.uses_count - 1)
        )


def take_again(order_id: int) -> None:
    """Count the use of an order that was paid after it expired, if one is left; the price that was paid stands."""
    found = queries.redemption_of(order_id)
    if found is not None and found.returned_at is not None and _take(found.promo_code_id):
        found.returned_at = None


def hold(order_ids: Collection[int]) -> None:
    """Let nobody else count uses of these orders' codes until the transaction ends; the lowest key comes first."""
    used = sa.select(Redemption.promo_code_id).where(Redemption.order_id.in_(order_ids))
    db.session.execute(
        sa.select(PromoCode.id).where(PromoCode.id.in_(used)).order_by(PromoCode.id).with_for_update(key_share=True)
    )


def _take(code_id: int) -> bool:
    """Count a use, unless none is left."""
    taken = db.session.scalar(
        sa.update(PromoCode)
        .where(
            PromoCode.id == code_id,
            sa.or_(PromoCode.uses_limit.is_(None), PromoCode.uses_count < PromoCode.uses_limit),
        )
        .values(uses_count=PromoCode.uses_count + 1)
        .returning(PromoCode.uses_count)
    )
    return taken is not None


def _days(draft: CodeDraft) -> list[StudyDay]:
    if draft.for_everything:
        return []
    return list(db.session.scalars(sa.select(StudyDay).where(StudyDay.id.in_(draft.day_ids))))


def _plans(draft: CodeDraft) -> list[Plan]:
    return [] if draft.for_everything else list(db.session.scalars(sa.select(Plan).where(Plan.id.in_(draft.plan_ids))))


def _as_told(code: PromoCode) -> dict[str, object]:
    """Return what the history says of a code."""
    told: dict[str, object] = {
        name: getattr(code, name)
        for name in ("code", "kind", "value", "uses_limit", "valid_from", "valid_until", "for_everything", "enabled")
    }
    return told | {
        "note": code.note,
        "days": ", ".join(sorted(day.slug for day in code.days)),
        "plans": ", ".join(sorted(plan.slug for plan in code.plans)),
    }
