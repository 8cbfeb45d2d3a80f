"""Reading promotional codes and their uses."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventsapp.core import i18n
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.orders.models import Order
from eventsapp.promotions import rules
from eventsapp.promotions.models import PromoCode, Redemption
from eventsapp.promotions.statuses import PromoKind
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan

KIND_WORDS = {
    PromoKind.PERCENT: _l("Pourcentage"),
    PromoKind.AMOUNT: _l("Montant"),
    PromoKind.FREE: _l("Gratuit"),
}
_KEPT, _RETURNED = _l("Compté"), _l("Rendu")


def code_named(word: str) -> PromoCode | None:
    """Return the code that was typed, its days and plans loaded, or ``None``."""
    return db.session.scalar(_with_scope().where(PromoCode.code == rules.normalised(word)))


def code_by_id(code_id: int) -> PromoCode | None:
    """Return a code, its days and plans loaded, or ``None``."""
    return db.session.scalar(_with_scope().where(PromoCode.id == code_id))


def redemption_of(order_id: int) -> Redemption | None:
    """Return the use of a code by an order, the code loaded, or ``None``."""
    return db.session.scalar(
        sa.select(Redemption)
        .where(Redemption.order_id == order_id)
        .join(Redemption.promo_code)
        .options(contains_eager(Redemption.promo_code))
    )


def said(code: PromoCode) -> str:
    """Return what a code takes off, in words."""
    if code.kind is PromoKind.FREE:
        return str(KIND_WORDS[PromoKind.FREE])
    if code.kind is PromoKind.PERCENT:
        return i18n.percent(code.value * 100)
    return i18n.money(code.value)


def code_list(*, today: date) -> Listing:
    """Return the list of codes."""
    over = sa.or_(
        sa.not_(PromoCode.enabled),
        sa.func.coalesce(PromoCode.valid_until < today, False),
        sa.func.coalesce(PromoCode.uses_count >= PromoCode.uses_limit, False),
    )
    return Listing(
        name="codes-promotionnels",
        title=_l("Codes promotionnels"),
        statement=sa.select(PromoCode),
        states=(
            State("valables", _l("Valables"), where=sa.not_(over)),
            State("finis", _l("Finis et suspendus"), where=over),
            State("tous", _l("Tous")),
        ),
        search=(PromoCode.code, PromoCode.note),
        search_hint=_l("Code, note"),
        filters=(
            Choice(
                name="sorte",
                label=_l("Sorte"),
                options={kind.value: label for kind, label in KIND_WORDS.items()},
                where=lambda value: PromoCode.kind == PromoKind(value),
            ),
            Dates(name="fin", label=_l("Dernier jour"), column=PromoCode.valid_until),
        ),
        columns=(
            Column(
                "code",
                _l("Code"),
                lambda row: row.code,
                kind=Kind.CODE,
                opens=True,
                sort=PromoCode.code,
                second=lambda row: row.note,
                second_label=_l("Note"),
            ),
            Column("remise", _l("Remise"), said),
            Column(
                "usages",
                _l("Utilisations"),
                lambda row: row.uses_count,
                kind=Kind.NUMBER,
                sort=PromoCode.uses_count,
            ),
            Column("limite", _l("Limite"), lambda row: row.uses_limit, kind=Kind.NUMBER, on_phone=False),
            Column("debut", _l("Premier jour"), lambda row: row.valid_from, kind=Kind.DATE, on_phone=False),
            Column("fin", _l("Dernier jour"), lambda row: row.valid_until, kind=Kind.DATE, sort=PromoCode.valid_until),
        ),
        order=(PromoCode.created_at.desc(), PromoCode.id.desc()),
        empty=_l("Aucun code promotionnel : créez le premier."),
    )


def use_list(code: PromoCode) -> Listing:
    """Return the list of the orders that used ``code``."""
    return Listing(
        name=f"utilisations-{code.code.lower()}",
        title=_l("Utilisations"),
        statement=sa.select(Redemption).where(Redemption.promo_code_id == code.id).join(Redemption.order),
        loads=(contains_eager(Redemption.order),),
        search=(Order.reference, Order.first_name, Order.last_name, Order.billing_name, Order.email),
        search_hint=_l("Référence, nom, organisme, courriel"),
        filters=(Dates(name="le", label=_l("Date"), column=Redemption.redeemed_at),),
        columns=(
            Column(
                "client",
                _l("Client"),
                lambda row: row.order.billed_to,
                opens=True,
                second=lambda row: row.order.email,
                second_label=_l("Courriel"),
            ),
            Column("commande", _l("Commande"), lambda row: row.order.reference, kind=Kind.CODE),
            Column(
                "usage",
                _l("Utilisation"),
                lambda row: _RETURNED if row.returned_at else _KEPT,
                kind=Kind.STATE,
                tone=lambda row: None if row.returned_at else "good",
            ),
            Column("remise", _l("Remise"), lambda row: row.discount_cents, kind=Kind.MONEY),
            Column("total", _l("Total TTC"), lambda row: row.order.total_cents, kind=Kind.MONEY, on_phone=False),
            Column("le", _l("Date"), lambda row: row.redeemed_at, kind=Kind.MOMENT, sort=Redemption.redeemed_at),
        ),
        order=(Redemption.redeemed_at.desc(), Redemption.id.desc()),
        empty=_l("Ce code n’a pas encore servi."),
    )


def days_to_choose(code: PromoCode | None, *, now: datetime) -> Sequence[StudyDay]:
    """Return the days to come and those of ``code``, the next first, their towns loaded."""
    return db.session.scalars(
        sa.select(StudyDay)
        .where(sa.or_(StudyDay.ends_at > now, StudyDay.id.in_([day.id for day in code.days] if code else [])))
        .options(joinedload(StudyDay.city))
        .order_by(StudyDay.starts_at, StudyDay.id)
    ).all()


def plans_to_choose() -> Sequence[Plan]:
    """Return every plan, on offer or not."""
    return db.session.scalars(sa.select(Plan).order_by(Plan.position, Plan.id)).all()


def _with_scope() -> sa.Select[PromoCode]:
    return sa.select(PromoCode).options(selectinload(PromoCode.days), selectinload(PromoCode.plans))
