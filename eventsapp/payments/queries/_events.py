"""Reading what Stripe told: one message, their list in the office, and what is wrong with them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.orders.models import Order
from eventsapp.payments.models import CardSession, GatewayEvent, Payment
from eventsapp.payments.statuses import EventOutcome, EventState
from eventsapp.payments.values import Event

#: A message that waits so long waits for somebody: its tries take less, but for the last.
WAITS_LONG = timedelta(hours=1)
#: Messages named when something is wrong with them.
MOST_NAMED = 10

_OUTCOMES = {
    EventOutcome.SETTLED: _l("compté"),
    EventOutcome.IGNORED: _l("rien à compter"),
    EventOutcome.REFUSED: _l("ne correspond pas"),
}
_STATES = {
    EventState.WAITING: _l("en attente"),
    EventState.SET_ASIDE: _l("mis de côté"),
    EventState.FILED: _l("classé"),
}
_TONES = {
    EventState.WAITING: "wait",
    EventState.SET_ASIDE: "bad",
    EventState.FILED: "told",
}
#: What Stripe tells → in words; the rest is shown as Stripe names it.
_KINDS = {
    "checkout.session.completed": _l("Page de paiement terminée"),
    "checkout.session.async_payment_succeeded": _l("Page de paiement payée"),
    "checkout.session.async_payment_failed": _l("Page de paiement non payée"),
    "checkout.session.expired": _l("Page de paiement expirée"),
    "payment_intent.succeeded": _l("Paiement réussi"),
    "payment_intent.payment_failed": _l("Paiement refusé par la banque"),
    "charge.succeeded": _l("Carte débitée"),
    "charge.refunded": _l("Paiement remboursé"),
    "refund.created": _l("Remboursement créé"),
    "refund.updated": _l("Remboursement modifié"),
    "refund.failed": _l("Remboursement échoué"),
    "charge.dispute.created": _l("Contestation ouverte"),
    "charge.dispute.updated": _l("Contestation modifiée"),
    "charge.dispute.closed": _l("Contestation close"),
}
_ASIDE = GatewayEvent.state == EventState.SET_ASIDE


def event(key: int) -> GatewayEvent | None:
    """Return that message, its order loaded, or ``None``."""
    return db.session.scalar(
        sa.select(GatewayEvent).where(GatewayEvent.id == key).options(joinedload(GatewayEvent.order))
    )


def event_is_due(*, now: datetime) -> bool:
    """Return whether a message waits to be dealt with."""
    waits = sa.exists().where(GatewayEvent.state == EventState.WAITING, GatewayEvent.due_at <= now)
    return db.session.scalar(sa.select(waits)) is True


def order_of_event(told: Event) -> int | None:
    """Return the key of the order whose page or payment Stripe tells of, ``None`` when it is no order's."""
    of_page = sa.select(CardSession.order_id).where(CardSession.session_id == told.session_id)
    of_payment = sa.select(Payment.order_id).where(Payment.gateway_reference == told.payment_id)
    return db.session.scalar(of_page if told.session_id else of_payment)


def event_words(row: GatewayEvent) -> str:
    """Return where a message stands, in words."""
    return str(_OUTCOMES[row.outcome] if row.outcome is not None else _STATES[row.state])


def event_kind(row: GatewayEvent) -> str:
    """Return what a message tells, in words where there are some."""
    return str(_KINDS.get(row.kind, row.kind))


def events_aside() -> int:
    """Return how many messages are set aside."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(GatewayEvent).where(_ASIDE)) or 0


def event_problems(*, now: datetime) -> Sequence[str]:
    """Return a sentence for each message that nobody deals with: set aside, or waiting for too long."""
    waiting = sa.and_(GatewayEvent.state == EventState.WAITING, GatewayEvent.received_at < now - WAITS_LONG)
    rows = db.session.execute(
        sa.select(GatewayEvent.event_id, GatewayEvent.kind, GatewayEvent.state, GatewayEvent.detail)
        .where(sa.or_(_ASIDE, waiting))
        .order_by(GatewayEvent.received_at, GatewayEvent.id)
        .limit(MOST_NAMED)
    )
    told = {EventState.SET_ASIDE: "is set aside", EventState.WAITING: "waits for too long"}
    return [
        f"message {event_id} ({kind}) {told[state]}: {detail}".rstrip(": ") for event_id, kind, state, detail in rows
    ]


def event_list() -> Listing:
    """Return the list of messages: those set aside, those that wait, those dealt with."""
    return Listing(
        name="messages-stripe",
        title=_l("Messages de Stripe"),
        statement=sa.select(GatewayEvent).outerjoin(GatewayEvent.order),
        loads=(contains_eager(GatewayEvent.order),),
        states=(
            State("a-traiter", _l("Mis de côté"), _ASIDE),
            State("en-attente", _l("En attente"), GatewayEvent.state == EventState.WAITING),
            State("traites", _l("Traités"), GatewayEvent.state == EventState.DONE),
            State("classes", _l("Classés"), GatewayEvent.state == EventState.FILED),
        ),
        search=(GatewayEvent.event_id, GatewayEvent.session_id, GatewayEvent.payment_id, Order.reference),
        search_hint=_l("Commande, identifiant chez Stripe"),
        filters=(Dates(name="recu", label=_l("Reçu"), column=GatewayEvent.received_at),),
        columns=(
            Column(
                "message",
                _l("Message"),
                event_kind,
                opens=True,
                second=lambda row: row.note or row.detail or row.event_id,
                second_label=_l("Précision"),
            ),
            Column("identifiant", _l("Identifiant"), lambda row: row.event_id, only_in_file=True),
            Column(
                "commande",
                _l("Commande"),
                lambda row: row.order.reference if row.order else "",
                kind=Kind.CODE,
                on_phone=False,
            ),
            Column(
                "etat",
                _l("État"),
                event_words,
                kind=Kind.STATE,
                tone=lambda row: "bad" if row.outcome is EventOutcome.REFUSED else _TONES.get(row.state),
                on_phone=False,
            ),
            Column("essais", _l("Essais"), lambda row: row.attempts, kind=Kind.NUMBER, on_phone=False),
            Column("recu", _l("Reçu"), lambda row: row.received_at, kind=Kind.MOMENT, sort=GatewayEvent.received_at),
        ),
        order=(GatewayEvent.received_at.desc(), GatewayEvent.id.desc()),
        empty=_l("Ce que Stripe annonce paraîtra ici : paiements, remboursements, contestations."),
    )
