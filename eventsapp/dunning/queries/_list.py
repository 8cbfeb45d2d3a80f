"""The office's list of what is late, by age."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsapp.core import i18n
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.dunning import rules
from eventsapp.dunning.models import ReminderStep
from eventsapp.dunning.queries import _claims
from eventsapp.dunning.queries._records import rates
from eventsapp.dunning.values import Interest
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.organisations.rules import is_public
from eventsapp.payments.models import PaymentMethod

#: Days up to which a debt is young, and up to which it is not old yet.
YOUNG, MIDDLE = 30, 60


def claim_list(*, today: date) -> Listing:
    """Return the list of late orders, the oldest debt first; each row is an order with its claim."""
    paused = sa.func.coalesce(_claims.PAUSED_UNTIL, date.min, type_=sa.Date()) >= today
    due = Order.due_on
    late = sa.and_(_claims.late(today), orders.counted())
    young, middle = today - timedelta(days=YOUNG), today - timedelta(days=MIDDLE)
    next_title = (
        sa.select(ReminderStep.title)
        .where(
            ReminderStep.method == Order.payment_method,
            ReminderStep.step > sa.func.coalesce(_claims.LAST_STEP, 0),
        )
        .order_by(ReminderStep.step)
        .limit(1)
        .correlate(Order)
        .scalar_subquery()
    )
    owes = _interest(late, today=today)
    return Listing(
        name="relances",
        title=_l("Relances"),
        statement=sa.select(
            Order,
            *_claims.columns(),
            PaymentMethod.name.label("method"),
            PaymentMethod.purchase_order_days,
            next_title.label("next_title"),
        )
        .join(PaymentMethod, PaymentMethod.code == Order.payment_method)
        .where(late),
        states=(
            State("toutes", _l("Toutes")),
            State("0-30", _l("0 à 30 jours"), where=sa.and_(due >= young, ~paused)),
            State("31-60", _l("31 à 60 jours"), where=sa.and_(due < young, due >= middle, ~paused)),
            State("plus", _l("Plus de 60 jours"), where=sa.and_(due < middle, ~paused)),
            State("suspendues", _l("Suspendues"), where=paused),
        ),
        search=(Order.reference, Order.first_name, Order.last_name, Order.billing_name, Order.email, Order.siret),
        domains=(Order.email,),
        search_hint=_l("Référence, nom, organisme, courriel, SIRET"),
        filters=(Dates(name="echeance", label=_l("Échéance"), column=due),),
        columns=(
            Column(
                "client", _l("Client"), lambda row: row.Order.billed_to, opens=True, sort=Order.billing_name,
                second=lambda row: row.Order.reference, second_label=_l("Commande"),
            ),
            Column("mode", _l("Mode"), lambda row: row.method, sort=PaymentMethod.name, on_phone=False),
            Column(
                "echeance", _l("Échéance"), lambda row: row.due_on, kind=Kind.DATE, sort=due,
                second=lambda row: _late((today - row.due_on).days),
            ),
            Column(
                "suite", _l("Prochaine relance"), _next,
                second=lambda row: _standing(row, today=today), second_label=_l("Relances"), on_phone=False,
            ),
            Column("interets", _l("Intérêts et indemnité"), owes, kind=Kind.MONEY, on_phone=False),
            Column("reste", _l("Reste dû"), lambda row: row.owed_cents, kind=Kind.MONEY, sort=_claims.OWED),
            Column(
                "retard", _l("Jours de retard"), lambda row: (today - row.due_on).days, kind=Kind.NUMBER,
                only_in_file=True,
            ),
            Column(
                "derniere", _l("Dernière relance"), lambda row: row.last_sent_at, kind=Kind.MOMENT, only_in_file=True
            ),
            Column("courriel", _l("Courriel"), lambda row: row.Order.email, only_in_file=True),
            Column("siret", _l("SIRET"), lambda row: row.Order.siret, only_in_file=True),
        ),
        order=(due.asc(), Order.id.asc()),
        empty=_l("Rien n’est en retard."),
    )  # fmt: skip


def _late(days: int) -> str:
    return str(ngettext("%(num)s jour de retard", "%(num)s jours de retard", days))


def _next(row: Any) -> str:
    """Return which reminder comes next; of a trial none does."""
    if row.Order.is_test:
        return str(_("Aucune : commande d’essai"))
    return row.next_title or str(_("Tout est envoyé"))


def _standing(row: Any, *, today: date) -> str | None:
    """Return until when the reminders are paused, or when the last one went."""
    if row.paused_until and row.paused_until >= today:
        return str(_("suspendue jusqu’au %(date)s", date=i18n.date_short(row.paused_until)))
    return str(_("dernière le %(date)s", date=i18n.date_short(row.last_sent_at))) if row.last_sent_at else None


def _interest(late: sa.ColumnElement[bool], *, today: date) -> Callable[[Any], int | None]:
    """Return what tells the interest of a row; rates and money of part-paid orders are read once, when first asked."""

    @cache
    def known() -> tuple[Sequence[Any], Any]:
        return rates(), _claims.money_moved(sa.select(Order.id).where(late, Order.siret != "", Order.paid_cents != 0))

    def of(row: Any) -> int | None:
        if not is_public(row.Order.siret, pays_by_mandat=row.purchase_order_days is not None):
            return None
        each, moved = known()
        found: Interest | None = rules.interest(
            owed_cents=row.owed_cents,
            due_on=row.due_on,
            payments=moved.get(row.Order.id, ()),
            rates=each,
            today=today,
        )
        return found.total_cents if found and found.rate else None

    return of
