"""Subscriptions that a card renews: agreed to, stopped, taken up again, ended, and their cards forgotten."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, queue, references, unit_of_work
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
#: What our name of a page for another card begins with, before the key of its agreement.
_PAGE = "card-agreement-"
#: The sweep that announces renewals, and ends what was agreed for subscriptions that are cancelled.
ANNOUNCE_SWEEP = "renewals.announce"
#: What nobody is written about: they did it themselves, or were told of the refused card.
_SILENT = frozenset(
    {
        AgreementEnd.RENEWED,
        AgreementEnd.RESIGNED,
        AgreementEnd.DECLINED,
        AgreementEnd.STOPPED,
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


def note_card(order_id: int, card: SavedCard) -> None:
    """Note the card of a page that did not fit its order, where it was to be kept and none is known; twice is once.

    It renews nothing before the order is settled (``begin_settled``). Until then it is known which customer at Stripe
    the money came from, a page that follows is that one's as well, and who is needless is forgotten.
    """
    db.session.execute(
        sa.update(CardAgreement)
        .where(
            CardAgreement.order_id == order_id,
            CardAgreement.customer_id == "",
            CardAgreement.state != AgreementState.ACTIVE,
        )
        .values(_columns(card))
    )


def begin_settled(agreement_id: int, *, now: datetime) -> None:
    """Let a card renew that was noted before its order was settled in another way, once the subscription runs."""
    agreement, contract = _held(agreement_id)
    if agreement.state is AgreementState.ASKED and agreement.method_id and contract.status is ContractStatus.ACTIVE:
        _move(agreement, AgreementState.ACTIVE)
        _record("begun", contract, now=now)


def keep_card(order_id: int, card: SavedCard, *, now: datetime) -> None:
    """Keep the card with which an order was paid, where its buyer agreed that it renews; twice is once.

    Stripe keeps it from that payment on. Where it is to renew nothing, as that was stopped while the page was open, or
    the order bought nothing, the agreement is over, and the card forgotten by the sweep.
    """
    mine = CardAgreement.order_id == order_id
    cancelled = sa.select(Contract.id).where(
        Contract.id == CardAgreement.contract_id, Contract.status == ContractStatus.CANCELLED
    )
    agreed = db.session.scalar(
        sa.update(CardAgreement)
        .where(mine, CardAgreement.state == AgreementState.ASKED, ~cancelled.exists())
        .values(state=AgreementState.ACTIVE, **_columns(card))
        .returning(CardAgreement.id)
    )
    if agreed is not None:
        return
    needless = db.session.scalar(
        sa.update(CardAgreement)
        .where(mine, CardAgreement.customer_id == "", CardAgreement.state != AgreementState.ACTIVE)
        .values(customer_id=card.customer_id)
        .returning(CardAgreement.id)
    )
    if needless is None:
        return
    agreement, contract = _held(needless)
    if agreement.state is not AgreementState.OVER:
        is_stopped = agreement.state is AgreementState.STOPPED
        reason = AgreementEnd.STOPPED if is_stopped else AgreementEnd.NOT_RUNNING
        end_agreement(agreement, contract, reason, now=now, told=False)
    queue.nudge(FORGET_SWEEP)


def open_card_page(agreement: CardAgreement, *, back_url: str, locale: str, now: datetime) -> str:
    """Return Stripe's page on which a reader gives another card; nothing is written. ``back_url`` is where it leads.

    Raises ``NotNow`` where no card renews, or while Stripe is being asked to charge the one, ``GatewayUnavailable`` and
    ``GatewayRefused``.
    """
    if not may_change_card(agreement):
        raise NotNow(_("Cet abonnement ne se renouvelle pas par carte : il n’y a pas de carte à changer."))
    if charged := being_charged(agreement.contract_id, now=now):
        raise NotNow(charged)
    reference, customer_id = f"{_PAGE}{agreement.id}", agreement.customer_id
    db.session.rollback()
    page = gateway.open_card_page(
        key=f"card-{references.new_secret()}",
        reference=reference,
        customer_id=customer_id,
        # Stripe writes the page's name there.
        success_url=f"{back_url}?page={{CHECKOUT_SESSION_ID}}",
        cancel_url=back_url,
        locale=locale,
    )
    return page.url


def may_change_card(agreement: CardAgreement) -> bool:
    """Return whether another card can take the place of the one that renews."""
    return agreement.state is AgreementState.ACTIVE and agreement.customer_id != ""


def change_card(reference: str, card: SavedCard, *, page_id: str, opened_at: datetime, now: datetime) -> bool:
    """Let another card renew, which Stripe keeps since ``open_card_page``; return whether that is new.

    Stripe's message and its reader's return both come here. It takes the place of the one that was there when it was
    asked for; nothing else is charged by it. A page that was opened before the one that gave the present card brings
    its own back no more. Raises ``NotNow`` while Stripe is being asked to charge the former one.
    """
    key = reference.removeprefix(_PAGE)
    if key == reference or not key.isdecimal() or not queries.is_agreement(int(key), customer_id=card.customer_id):
        return False
    agreement, contract = _held(int(key))
    if agreement.customer_id != card.customer_id or page_id == agreement.card_page_id:
        return False
    if agreement.card_page_at is not None and opened_at < agreement.card_page_at:
        return False
    if agreement.state not in {AgreementState.ACTIVE, AgreementState.STOPPED}:
        return False
    if charged := being_charged(contract.id, now=now):
        raise NotNow(charged)
    former = agreement.card
    for name, value in _columns(card).items():
        setattr(agreement, name, value)
    agreement.card_page_id, agreement.card_page_at = page_id, opened_at
    _record("changed", contract, now=now, by=contract.email, changes={"card": agreement.card, "former": former})
    return True


def end_agreements_soon(contract_ids: Collection[int]) -> None:
    """Have the sweep end what was agreed for subscriptions that were just cancelled.

    Not at once: whoever cancels holds an order, and agreements are held before those.
    """
    if contract_ids and queries.agreements_cancelled(only=contract_ids):
        queue.nudge(ANNOUNCE_SWEEP)


def stop_card(agreement_id: int, *, now: datetime, actor: User | None = None, told: bool = True) -> CardAgreement:
    """Let nothing be charged any more; because its reader says so, or the office for them. Said twice it is one.

    The subscription runs to its paid end. What Stripe was asked to charge at that moment is given back, should it be
    charged. Raises ``NotNow`` for what is over.
    """
    agreement, contract = _held(agreement_id)
    if agreement.state is AgreementState.STOPPED:
        return agreement
    if agreement.state is AgreementState.OVER:
        raise NotNow(_("Ce renouvellement automatique est déjà terminé : plus rien n’est prélevé."))
    _move(agreement, AgreementState.STOPPED)
    agreement.stopped_at = now
    agreement.stopped_by_id = actor.id if actor else None
    _record("stopped", contract, now=now, actor=actor, by=contract.email)
    if told:
        mails.card_stopped(contract, agreement, is_being_charged=queries.is_being_charged(contract.id), now=now)
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
        and not queries.is_being_charged(contract.id)
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


def being_charged(contract_id: int | None, *, now: datetime) -> str:
    """Return why, and until when, nobody can pay the renewal of a contract by hand, in the language in use.

    Empty while Stripe is not being asked to charge its card. Who cannot wait that long may stop it.
    """
    asked = queries.asked_since(contract_id)
    if asked is None:
        return ""
    asked_at, is_stopped = asked
    known = rules.known_by(asked_at=asked_at, is_stopped=is_stopped, now=now)
    words: str = _(
        "Le prélèvement de ce renouvellement est demandé à votre banque, et sa réponse n’est pas encore là : ne payez "
        "pas de nouveau, ce serait deux fois. Nous le saurons le %(date)s à %(hour)s au plus tard, souvent bien avant.",
        date=i18n.date_long(clock.local_date(known)),
        hour=i18n.clock_time(known),
    )
    if is_stopped:
        return words
    sooner = rules.known_by(asked_at=asked_at, is_stopped=True, now=now)
    may_stop: str = _(
        "Si vous arrêtez le renouvellement par carte et que rien n’a été prélevé, vous pouvez payer autrement à partir "
        "du %(date)s à %(hour)s.",
        date=i18n.date_long(clock.local_date(sooner)),
        hour=i18n.clock_time(sooner),
    )
    return f"{words} {may_stop}"


def end_agreement(
    agreement: CardAgreement, contract: Contract, reason: AgreementEnd, *, now: datetime, told: bool = True
) -> None:
    """End a locked agreement for good, and tell its reader where that is news; from now on reminders leave again."""
    _move(agreement, AgreementState.OVER)
    agreement.ended_at, agreement.end_reason = now, reason
    _record("ended", contract, now=now, changes={"reason": reason.value})
    if told and reason not in _SILENT:
        mails.card_ended(contract, agreement, now=now)
    queue.nudge(FORGET_SWEEP)


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
        agreement.customer_id = agreement.method_id = agreement.brand = agreement.last4 = ""
        agreement.exp_month = agreement.exp_year = None
    return 1


def _columns(card: SavedCard) -> dict[str, Any]:
    return {
        "customer_id": card.customer_id,
        "method_id": card.method_id,
        "brand": card.brand[:30],
        "last4": card.last4[:4],
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
    }


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
