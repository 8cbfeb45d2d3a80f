"""Announcing that a card will renew a subscription: once for an end, in the time that the law gives, by the sweep."""

import logging
from datetime import datetime

from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.models import CardRenewal
from eventsapp.subscriptions.service._cards import begin_settled, end_agreement, hindrance
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState

log = logging.getLogger(__name__)


def announce_renewals_due(*, now: datetime) -> int:
    """Send every announcement whose day has come; return how many.

    Before that, end what is for cancelled ones, and begin what waited for its order to be settled.

    Where it is too late, or something is in the way, the agreement ends instead, so that nobody is charged for what was
    not announced. One transaction an agreement, whatever goes wrong with another; it may run twice or late.
    """
    _end_cancelled(now=now)
    _begin_settled(now=now)
    due = queries.announceable_renewals(today=clock.local_date(now))
    db.session.rollback()
    sent = 0
    for agreement_id in due:
        try:
            with unit_of_work.transaction():
                sent += _announce(agreement_id, now=now)
        except Exception:
            log.exception("agreement %s could not be announced", agreement_id)
    return sent


def _end_cancelled(*, now: datetime) -> None:
    """End the agreements of cancelled subscriptions, of which only those are told that ran."""
    cancelled = queries.agreements_cancelled()
    db.session.rollback()
    for agreement_id in cancelled:
        try:
            with unit_of_work.transaction():
                agreement = queries.locked_agreement(agreement_id)
                contract = queries.contract(agreement.contract_id)
                if contract is None or not queries.agreements_cancelled(only=[contract.id]):
                    continue
                is_stopped = agreement.state is AgreementState.STOPPED
                reason = AgreementEnd.STOPPED if is_stopped else AgreementEnd.NOT_RUNNING
                end_agreement(agreement, contract, reason, now=now, told=contract.ends_on is not None)
        except Exception:
            log.exception("agreement %s could not be ended", agreement_id)


def _begin_settled(*, now: datetime) -> None:
    """Let the cards renew whose page did not fit, and whose order was settled since."""
    settled = queries.agreements_settled()
    db.session.rollback()
    for agreement_id in settled:
        try:
            with unit_of_work.transaction():
                begin_settled(agreement_id, now=now)
        except Exception:
            log.exception("agreement %s could not begin", agreement_id)


def _announce(agreement_id: int, *, now: datetime) -> int:
    """Write the line of the ledger and the mail, if it is due still once the agreement is kept from others."""
    agreement = queries.locked_agreement(agreement_id)
    contract = queries.contract(agreement.contract_id)
    if agreement.state is not AgreementState.ACTIVE or contract is None or contract.ends_on is None:
        return 0
    if queries.card_renewal(contract) is not None:
        return 0
    reason = hindrance(contract)
    if reason is None and queries.renewal_of(contract.id) is not None:
        reason = AgreementEnd.RENEWED
    first, last = rules.notice_window(ends_on=contract.ends_on)
    today = clock.local_date(now)
    if reason is None and today > last:
        reason = AgreementEnd.LATE
    if reason is not None:
        end_agreement(agreement, contract, reason, now=now)
        return 0
    if today < first:
        return 0
    renewal = CardRenewal(
        agreement_id=agreement.id,
        contract_id=contract.id,
        ends_on=contract.ends_on,
        announced_at=now,
        price_cents=contract.plan.price_cents,
        charge_on=rules.charge_day(ends_on=contract.ends_on),
    )
    db.session.add(renewal)
    db.session.flush()
    mails.card_announced(contract, agreement, renewal, now=now)
    return 1
