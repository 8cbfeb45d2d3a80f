"""Contracts: opened with an order, begun once it is paid, suspended, cancelled, run out."""

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts import service as accounts
from eventsapp.core import i18n, queue
from eventsapp.core.db import db
from eventsapp.orders.models import OrderLine
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import AlreadyRenewed, NotRenewable
from eventsapp.subscriptions.models import Contract, Gift, Plan
from eventsapp.subscriptions.service import _seats
from eventsapp.subscriptions.service._cards import being_charged, end_agreements_soon
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, before
from eventsapp.subscriptions.values import Delivery

#: The sweep that tells readers of their gifts.
ANNOUNCE_SWEEP = "gifts.announce"


def open_contract(
    plan: Plan,
    *,
    line: OrderLine | None,
    email: str,
    delivery: Delivery,
    organisation_id: int | None,
    now: datetime,
    kind: ContractKind = ContractKind.PAID,
    renews: Contract | None = None,
    locale: str = i18n.DEFAULT_LOCALE,
    first_issue: int | None = None,
    copies: int | None = None,
    is_test: bool = False,
) -> Contract:
    """Write a contract that waits for its payment; one that ``renews`` another, its plan loaded, has its reader.

    ``copies`` of each number, where the buyer wants fewer than the plan has.
    """
    contract = Contract(
        plan_id=plan.id,
        plan=plan,
        order_line_id=line.id if line else None,
        organisation_id=organisation_id or (renews.organisation_id if renews else None),
        kind=kind,
        status=ContractStatus.PENDING,
        renews_id=renews.id if renews else None,
        readership_id=renews.readership_id if renews else None,
        reminders=renews.reminders if renews else True,
        email=renews.email if renews else email,
        locale=locale,
        readers=plan.readers,
        first_issue=first_issue if plan.needs_address and renews is None else None,
        issues=plan.issues,
        copies=copies or _copies(plan, renews),
        plan_copies=plan.copies,
        delivery_name=delivery.name,
        delivery_address=delivery.address,
        delivery_postcode=delivery.postcode,
        delivery_city=delivery.city,
        created_at=now,
        is_test=is_test,
    )
    db.session.add(contract)
    return contract


def _copies(plan: Plan, renews: Contract | None) -> int:
    """Return how many copies go out by a contract of ``plan``.

    A renewal takes the number that the plan has by now, with what the office had added. Where fewer were wanted, a
    renewal by the same plan has no more.
    """
    if renews is None:
        return plan.copies
    added = renews.copies - renews.plan_copies
    if added < 0 and renews.plan_id == plan.id:
        return min(renews.copies, plan.copies)
    return plan.copies + max(added, 0)


def require_renewable(contract: Contract, *, now: datetime) -> None:
    """Raise ``NotRenewable`` for what has no end to go on from, ``AlreadyRenewed`` for what another order renewed."""
    if not rules.is_renewable(status=contract.status, ends_on=contract.ends_on):
        raise NotRenewable("Cet abonnement ne se renouvelle pas : il est annulé, ou attend encore son règlement.")
    if charged := being_charged(contract.id, now=now):
        raise AlreadyRenewed(charged)
    begun = queries.renewal_begun(contract.id)
    if begun is not None and begun.ends_on is not None:
        raise AlreadyRenewed(
            _("Cet abonnement est déjà renouvelé, jusqu’au %(date)s.", date=i18n.date_long(begun.ends_on))
        )


def start(contract: Contract, *, today: date, now: datetime, not_before: date | None = None) -> None:
    """Let the subscription run: from today, or after the one that it goes on from; its reader can sign in.

    A renewal goes on from what it renews and the gifts added to it, a gift from whatever its reader has, another one
    from the running one of the same plan, which it renews by that. What ran out while its money was missing begins
    anew, after everything that its reader has by now. That of an institution gives its seats.
    """
    # First, since it holds the reader: of two orders paid at once, the second sees where the first one's ends.
    accounts.ensure_reader(email=contract.email, now=now)
    begins_anew = contract.starts_on is not None
    contract.starts_on = rules.first_day(
        today=max(today, not_before or today), current_end=_end_to_go_on_from(contract)
    )
    contract.ends_on = rules.last_day(starts_on=contract.starts_on, months=contract.plan.months)
    if begins_anew or contract.starts_on > today:
        # Until then its reader has the numbers of what it goes on from, or had them.
        contract.first_issue = None
    _move(contract, ContractStatus.ACTIVE)
    _seats.open_seats(contract, now=now)


def start_of_order(order_id: int, *, today: date, now: datetime) -> None:
    """Let the subscriptions run that an order bought and that do not yet; what it gives may be accepted from now on.

    Raises ``AlreadyRenewed`` for the renewal of what another order renewed first: ``is_superseded`` asks before.
    """
    for contract in queries.standing_of_order(order_id):
        if _runs_on(contract, today=today):
            _resume(contract, now=now)
        elif contract.status in before(ContractStatus.ACTIVE):
            if contract.kind is ContractKind.GIFT and contract.ends_on is None:
                _make_ready(contract, now=now)
                continue
            if is_superseded(order_id):
                raise AlreadyRenewed("Cet abonnement est déjà renouvelé par une autre commande.")
            start(contract, today=today, now=now)


def resume_of_order(order_id: int, *, today: date, now: datetime) -> None:
    """Let the subscriptions of an order run on that were suspended and are not over; nothing else of it begins."""
    for contract in queries.standing_of_order(order_id):
        if _runs_on(contract, today=today):
            _resume(contract, now=now)


def _runs_on(contract: Contract, *, today: date) -> bool:
    """Return whether it was suspended while its money was missing and runs on as it did: to the end it had."""
    return contract.status is ContractStatus.PENDING and contract.ends_on is not None and contract.ends_on >= today


def _resume(contract: Contract, *, now: datetime) -> None:
    _move(contract, ContractStatus.ACTIVE)
    _tell_readers(contract, mails.reader_joined, now=now)


def is_superseded(order_id: int) -> bool:
    """Return whether another order renewed first what this one would renew; decided until the transaction ends."""
    standing = queries.standing_of_order(order_id)
    renewed = {row.renews_id for row in standing if row.renews_id is not None}
    # What went on from a suspended one is written too, should that one begin anew.
    gone_on = {row.id for each in standing if each.is_suspended and (row := queries.renewal_begun(each.id))}
    # An institution that buys the same again goes on with the people whom it has: nobody arrives meanwhile.
    anew = {
        row.id
        for each in standing
        if each.readers > 1 and each.renews_id is None and (row := queries.last_running(each.email))
    }
    for contract_id in sorted(renewed | gone_on | anew):
        queries.locked_contract(contract_id)
    return bool(renewed) and queries.is_renewed_elsewhere(order_id)


def suspend_of_order(order_id: int, *, now: datetime) -> int:
    """Close the running subscriptions that an order bought until it is paid again; return how many.

    The readers of an institution are told, its buyer is by whoever asks. What it gives and nobody accepted cannot be
    accepted meanwhile.
    """
    contracts = queries.contracts_of_order(order_id)
    running = [contract for contract in contracts if contract.status is ContractStatus.ACTIVE]
    for contract in running:
        _move(contract, ContractStatus.PENDING)
        _tell_readers(contract, mails.reading_paused, now=now)
    waiting = [gift for gift in queries.gifts_of(contracts).values() if gift.ready_at and not gift.redeemed_at]
    for gift in waiting:
        gift.ready_at = None
    return len(running) + len(waiting)


def _tell_readers(contract: Contract, tell: Callable[..., None], *, now: datetime) -> None:
    """Tell those who read by the contract of an institution, but not its buyer."""
    if contract.readership_id is None:
        return
    # With its organisation, which the mails name.
    queries.contract(contract.id)
    for member in queries.seated(contract.id):
        if member.email != contract.email:
            tell(contract, member, now=now)


def cancel_of_order(order_id: int) -> None:
    """End the subscriptions that an order bought, and withdraw what it gives and nobody accepted.

    No card renews them any more.
    """
    lines = sa.select(OrderLine.id).where(OrderLine.order_id == order_id)
    cancelled = db.session.scalars(
        sa.update(Contract)
        .where(
            Contract.order_line_id.in_(lines),
            Contract.status.in_(before(ContractStatus.CANCELLED)),
        )
        .values(status=ContractStatus.CANCELLED)
        .returning(Contract.id)
    ).all()
    end_agreements_soon(cancelled)


def withdraw(contract: Contract, *, now: datetime) -> None:
    """Cancel one subscription of a locked order for good; raise ``IllegalTransition`` for what has ended already."""
    _move(contract, ContractStatus.CANCELLED)
    contract.withdrawn_at = now
    end_agreements_soon([contract.id])


def expire_due(*, today: date) -> int:
    """Mark the contracts whose last day has passed; return how many."""
    return len(
        db.session.scalars(
            sa.update(Contract)
            .where(Contract.status.in_(before(ContractStatus.EXPIRED)), Contract.ends_on < today)
            .values(status=ContractStatus.EXPIRED)
            .returning(Contract.id)
        ).all()
    )


def _end_to_go_on_from(contract: Contract) -> date | None:
    if contract.starts_on is not None:
        return _end_to_begin_anew_from(contract)
    if contract.renews_id is not None:
        renewed = queries.locked_contract(contract.renews_id)
        if renewed.ends_on is None or not rules.is_renewable(status=renewed.status, ends_on=renewed.ends_on):
            return None
        # A gift accepted meanwhile was added to its end: the reader has paid for time after it.
        return max(renewed.ends_on, queries.last_end(contract.email, kinds={ContractKind.GIFT}) or renewed.ends_on)
    if contract.kind is ContractKind.GIFT:
        return queries.last_end(contract.email)
    running = queries.last_of_plan(contract.email, plan_id=contract.plan_id)
    if running is None:
        return None
    if queries.renewal_begun(running.id) is None:
        contract.renews_id = running.id
    return running.ends_on


def _end_to_begin_anew_from(contract: Contract) -> date | None:
    """Return when all ends that its reader has; what went on from the contract goes before it now, not after it."""
    following = queries.renewal_begun(contract.id)
    if following is not None:
        following.renews_id = None
        db.session.flush()
    last = queries.last_running(contract.email)
    if last is None:
        return None
    if contract.renews_id is None and queries.renewal_begun(last.id) is None:
        contract.renews_id = last.id
    return last.ends_on


def _make_ready(contract: Contract, *, now: datetime) -> None:
    """Let a gift be announced and accepted; one whose order had expired comes back with its money."""
    if contract.status is not ContractStatus.PENDING:
        _move(contract, ContractStatus.PENDING)
    db.session.execute(
        sa.update(Gift).where(Gift.contract_id == contract.id, Gift.ready_at.is_(None)).values(ready_at=now)
    )
    queue.nudge(ANNOUNCE_SWEEP)


def _move(contract: Contract, to: ContractStatus) -> None:
    rules.require_step(contract.status, to)
    contract.status = to
