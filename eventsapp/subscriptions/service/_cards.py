"""Subscriptions that a card renews: agreed to, stopped, taken up again, ended, and their cards forgotten."""

import logging
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, queue, unit_of_work
from eventsapp.core.db import db
from eventsapp.payments import gateway
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable
from eventsapp.payments.values import SavedCard
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import NotNow
from eventsapp.subscriptions.models import CardAgreement, CardRenewal, Contract, Plan
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ContractStatus

log = logging.getLogger(__name__)

#: The sweep that has Stripe forget the cards that renew nothing any more.
FORGET_SWEEP = "cards.forget"
#: What nobody is written about: they did it themselves, are to be forgotten, or were told of the refused card.
_SILENT = frozenset(
    {
        AgreementEnd.RENEWED,
        AgreementEnd.RESIGNED,
        AgreementEnd.DECLINED,
        AgreementEnd.STOPPED,
        AgreementEnd.FORGOTTEN,
    }
)


def consent_words(plan: Plan) -> str:
    """Return to what somebody agrees who lets a card renew ``plan``, in the language in use; kept word for word."""
    words: str = _(
        "Renouveler automatiquement par carte : %(price)s pour %(duration)s, à chaque échéance, jusqu’à ce que "
        "j’arrête. Un courriel m’annonce le prix et la date du prélèvement plus d’un mois avant ; il contient le lien "
        "pour arrêter, sans motif et sans frais.",
        price=i18n.money(plan.price_cents),
        duration=plan.duration,
    )
    return words


def agree(contract: Contract, *, order_id: int, words: str, price_cents: int, by: str, now: datetime) -> CardAgreement:
    """Keep that the buyer of ``contract`` lets a card renew it, by which words, at which price, in cents.

    Which card is known once the order is paid.
    """
    db.session.flush()
    agreement = CardAgreement(
        contract_id=contract.id, order_id=order_id, agreed_at=now, agreed_text=words, agreed_cents=price_cents
    )
    db.session.add(agreement)
    _record("agreed", contract, now=now, by=by, changes={"price_cents": price_cents})
    return agreement


def keep_card(order_id: int, card: SavedCard) -> None:
    """Keep the card with which a locked order was paid, where its buyer agreed that it renews; twice is once."""
    agreement = queries.agreement_of_order(order_id)
    if agreement is None:
        return
    agreement.customer_id, agreement.method_id = card.customer_id, card.method_id
    agreement.brand, agreement.last4 = card.brand[:30], card.last4[:4]
    agreement.exp_month, agreement.exp_year = card.exp_month, card.exp_year
    _move(agreement, AgreementState.ACTIVE)


def stop_card(agreement_id: int, *, now: datetime, actor: User | None = None, told: bool = True) -> CardAgreement:
    """Let nothing be charged any more; because its reader says so, or the office for them. Said twice it is one.

    The subscription runs to its paid end. Raises ``NotNow`` while Stripe is being asked, and for what is over.
    """
    agreement, contract = _held(agreement_id)
    if agreement.state is AgreementState.STOPPED:
        return agreement
    if queries.is_being_charged(contract.id):
        raise NotNow(_("Un prélèvement est en cours en ce moment. Réessayez dans quelques minutes."))
    if agreement.state is AgreementState.OVER:
        raise NotNow(_("Ce renouvellement automatique est déjà terminé : plus rien n’est prélevé."))
    _move(agreement, AgreementState.STOPPED)
    agreement.stopped_at = now
    agreement.stopped_by_id = actor.id if actor else None
    _record("stopped", contract, now=now, actor=actor, by=contract.email)
    if told:
        mails.card_stopped(contract, agreement, now=now)
    return agreement


def resume(agreement_id: int, *, now: datetime) -> CardAgreement:
    """Let the card renew again, as its reader takes the stop back, who is shown the price and the day.

    Raises ``NotNow`` once the subscription has ended, is renewed otherwise, or cannot be renewed by card any more.
    """
    agreement, contract = _held(agreement_id)
    if agreement.state is AgreementState.ACTIVE:
        return agreement
    if not may_resume(agreement, contract, now=now):
        raise NotNow(_("Ce renouvellement automatique ne se reprend plus ; l’abonnement se renouvelle par son lien."))
    assert contract.ends_on is not None  # noqa: S101 - what runs has its dates
    _move(agreement, AgreementState.ACTIVE)
    agreement.stopped_at = agreement.stopped_by_id = None
    today = clock.local_date(now)
    announced = queries.card_renewal(contract)
    _first, last = rules.notice_window(ends_on=contract.ends_on)
    if announced is not None or today > last:
        # Who takes it back is told the price and the day right then, and by the mail that follows.
        if announced is None:
            announced = CardRenewal(agreement_id=agreement.id, contract_id=contract.id, ends_on=contract.ends_on)
            db.session.add(announced)
        announced.announced_at = now
        announced.price_cents = contract.plan.price_cents
        announced.charge_on = rules.charge_day_once_resumed(ends_on=contract.ends_on, today=today)
        db.session.flush()
    _record("resumed", contract, now=now, by=contract.email)
    mails.card_resumed(contract, agreement, announced, now=now)
    return agreement


def may_resume(agreement: CardAgreement, contract: Contract, *, now: datetime) -> bool:
    """Return whether a stop can still be taken back: the subscription, its plan loaded, runs and nothing follows it."""
    return (
        agreement.state is AgreementState.STOPPED
        and agreement.method_id != ""
        and hindrance(contract) is None
        and contract.ends_on is not None
        and contract.ends_on >= clock.local_date(now)
        and queries.renewal_of(contract.id) is None
    )


def hindrance(contract: Contract) -> AgreementEnd | None:
    """Return why no card may renew ``contract`` as it stands, its plan loaded; ``None`` when nothing is in the way."""
    plan = contract.plan
    if contract.status is not ContractStatus.ACTIVE or contract.ends_on is None:
        return AgreementEnd.NOT_RUNNING
    if contract.resigned_at is not None:
        return AgreementEnd.RESIGNED
    if contract.organisation_id is not None or contract.readership_id is not None:
        return AgreementEnd.INSTITUTION
    on_offer = plan.published and rules.may_renew_by_card(
        audience=plan.audience, months=plan.months, price_cents=plan.price_cents
    )
    return None if on_offer else AgreementEnd.NOT_SOLD


def end_agreement(agreement: CardAgreement, contract: Contract, reason: AgreementEnd, *, now: datetime) -> None:
    """End a locked agreement for good, and tell its reader where that is news; from now on reminders leave again."""
    _move(agreement, AgreementState.OVER)
    agreement.ended_at, agreement.end_reason = now, reason
    _record("ended", contract, now=now, changes={"reason": reason.value})
    if reason not in _SILENT:
        mails.card_ended(contract, agreement, now=now)
    queue.nudge(FORGET_SWEEP)


def forget_cards(email: str, *, now: datetime) -> int:
    """Forget the cards of somebody who asks for it: nothing is charged any more, and what they are known by is gone.

    Stripe forgets them once this is committed. Returns how many.
    """
    keys = queries.agreements_of_address(email)
    for key in keys:
        agreement, contract = _held(key)
        if agreement.state is not AgreementState.OVER:
            end_agreement(agreement, contract, AgreementEnd.FORGOTTEN, now=now)
        _blank(agreement)
    queue.nudge(FORGET_SWEEP)
    return len(keys)


def forget_cards_due(*, now: datetime) -> int:
    """Have Stripe forget the cards that renew nothing any more, then forget its ids; return how many.

    Stripe is asked outside any transaction; a card that it does not answer for is asked about again.
    """
    due = queries.cards_to_forget(today=clock.local_date(now))
    db.session.rollback()
    forgotten = 0
    for key in due:
        try:
            forgotten += _forget(key, now=now)
        except GatewayUnavailable:
            log.warning("Stripe does not answer; cards are forgotten later")
            break
        except GatewayRefused:
            log.exception("the card of agreement %s could not be forgotten", key)
    return forgotten


def _forget(key: int, *, now: datetime) -> int:
    agreement = db.session.get_one(CardAgreement, key)
    customer_id = agreement.customer_id
    db.session.rollback()
    gateway.forget_customer(customer_id)
    with unit_of_work.transaction():
        agreement, contract = _held(key)
        if agreement.state is AgreementState.STOPPED:
            end_agreement(agreement, contract, AgreementEnd.STOPPED, now=now)
        agreement.customer_id = agreement.method_id = ""
        _blank(agreement)
    return 1


def _blank(agreement: CardAgreement) -> None:
    agreement.brand = agreement.last4 = ""
    agreement.exp_month = agreement.exp_year = None


def _held(agreement_id: int) -> tuple[CardAgreement, Contract]:
    agreement = queries.locked_agreement(agreement_id)
    contract = queries.contract(agreement.contract_id)
    assert contract is not None  # noqa: S101 - a foreign key says so
    return agreement, contract


def _move(agreement: CardAgreement, to: AgreementState) -> None:
    rules.require_agreement_step(agreement.state, to)
    agreement.state = to


def _record(what: str, contract: Contract, *, now: datetime, **more: Any) -> None:
    audit.record(f"subscriptions.card_{what}", subject=("contract", contract.id, contract.plan.name), now=now, **more)
