"""Reading subscriptions that a card renews: what was agreed, what is to be announced, charged and forgotten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments.models import PaymentAlert
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal, Contract
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState, ContractStatus

END_WORDS = {
    AgreementEnd.RENEWED: _l("l’abonnement a été renouvelé autrement"),
    AgreementEnd.NOT_RUNNING: _l("l’abonnement est annulé, remboursé ou suspendu"),
    AgreementEnd.RESIGNED: _l("l’abonnement est résilié"),
    AgreementEnd.NOT_SOLD: _l("la formule n’est plus proposée"),
    AgreementEnd.DEARER: _l("le prix a changé depuis l’annonce"),
    AgreementEnd.INSTITUTION: _l("l’abonnement est celui d’un organisme"),
    AgreementEnd.LATE: _l("le prélèvement n’a pas pu être annoncé ou fait à temps"),
    AgreementEnd.DECLINED: _l("la carte a été refusée"),
    AgreementEnd.STOPPED: _l("arrêté avant l’échéance"),
}
CHARGE_WORDS = {
    ChargeState.ASKED: _l("Stripe n’a pas encore répondu"),
    ChargeState.PAID: _l("prélevé"),
    ChargeState.DECLINED: _l("refusé"),
}
#: What became of a try beyond that, where the word is ours and not Stripe's.
CHARGE_REASON_WORDS = {
    CardCharge.UNANSWERED: _l("Stripe n’avait rien reçu"),
    CardCharge.UNCLEAR: _l("Stripe ne dit pas si la carte a été prélevée : voir l’alerte"),
    CardCharge.UNWANTED: _l("arrêté entre-temps, à rendre"),
    CardCharge.GIVEN_BACK: _l("arrêté entre-temps, rendu"),
}
#: Of an agreement its contract in full enough to be shown, its order, and who of the team stopped it.
_IN_FULL = (
    joinedload(CardAgreement.contract).joinedload(Contract.plan),
    joinedload(CardAgreement.contract).joinedload(Contract.organisation),
    joinedload(CardAgreement.order),
    joinedload(CardAgreement.stopped_by),
)


def agreement_for_link(secret: str) -> CardAgreement | None:
    """Return the agreement that a private link opens; contract, plan, order and who stopped it are loaded."""
    return db.session.scalar(sa.select(CardAgreement).where(CardAgreement.secret == secret).options(*_IN_FULL))


def agreement_of(contract_id: int) -> CardAgreement | None:
    """Return the agreement by which a card renews that contract next, or would have; as ``agreement_for_link``."""
    return db.session.scalar(
        sa.select(CardAgreement).where(CardAgreement.contract_id == contract_id).options(*_IN_FULL)
    )


def agreements_of(contracts: Iterable[Contract]) -> Mapping[int, CardAgreement]:
    """Return the agreements of these contracts, by their keys."""
    keys = [contract.id for contract in contracts]
    if not keys:
        return {}
    rows = db.session.scalars(sa.select(CardAgreement).where(CardAgreement.contract_id.in_(keys)))
    return {row.contract_id: row for row in rows}


def is_agreement(agreement_id: int, *, customer_id: str) -> bool:
    """Return whether there is such an agreement, whose card Stripe keeps with that customer."""
    found = sa.exists().where(CardAgreement.id == agreement_id, CardAgreement.customer_id == customer_id)
    return db.session.scalar(sa.select(found)) is True


def is_card_of_page(secret: str, page_id: str) -> bool:
    """Return whether the card that renews, of the agreement with that link, was given on that page of Stripe's."""
    found = sa.exists().where(CardAgreement.secret == secret, CardAgreement.card_page_id == page_id)
    return bool(page_id) and db.session.scalar(sa.select(found)) is True


def locked_agreement(agreement_id: int) -> CardAgreement:
    """Return the agreement as it stands now, kept from others until the transaction ends; nothing else is held yet."""
    return db.session.scalars(
        sa.select(CardAgreement)
        .where(CardAgreement.id == agreement_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def hold_agreement_of_order(order_id: int) -> None:
    """Keep from others what was agreed with an order until the transaction ends; that order is not held yet."""
    _hold(CardAgreement.order_id == order_id)


def hold_agreement_of(contract_id: int) -> None:
    """Keep from others the agreement by which a card renews a contract; its order and itself are not held yet."""
    _hold(CardAgreement.contract_id == contract_id)


def _hold(which: sa.ColumnElement[bool]) -> None:
    db.session.execute(
        sa.select(CardAgreement.id).where(which).order_by(CardAgreement.id).with_for_update(key_share=True)
    ).all()


def agreement_of_order(order_id: int) -> CardAgreement | None:
    """Return what was agreed with an order and still waits for its card, or ``None``."""
    return db.session.scalar(
        sa.select(CardAgreement).where(CardAgreement.order_id == order_id, CardAgreement.state == AgreementState.ASKED)
    )


def agreements_of_order(order_id: int) -> Sequence[CardAgreement]:
    """Return the agreements that hold and were given with an order, or by which it was placed."""
    placed = sa.select(CardRenewal.agreement_id).where(CardRenewal.order_id == order_id)
    return db.session.scalars(
        sa.select(CardAgreement)
        .where(
            sa.or_(CardAgreement.order_id == order_id, CardAgreement.id.in_(placed)),
            CardAgreement.state.in_((AgreementState.ASKED, AgreementState.ACTIVE)),
        )
        .order_by(CardAgreement.id)
    ).all()


def card_renewal(contract: Contract) -> CardRenewal | None:
    """Return what was announced of the renewal of a contract at its present end, with its tries, or ``None``."""
    return db.session.scalar(
        sa.select(CardRenewal)
        .where(CardRenewal.contract_id == contract.id, CardRenewal.ends_on == contract.ends_on)
        .options(selectinload(CardRenewal.charges), joinedload(CardRenewal.order))
        .execution_options(populate_existing=True)
    )


def card_renewals_of(agreement_id: int) -> Sequence[CardRenewal]:
    """Return all that was announced under an agreement, the latest first, with orders and tries."""
    return db.session.scalars(
        sa.select(CardRenewal)
        .where(CardRenewal.agreement_id == agreement_id)
        .options(selectinload(CardRenewal.charges), joinedload(CardRenewal.order))
        .order_by(CardRenewal.ends_on.desc())
    ).all()


def announceable_renewals(*, today: date) -> Sequence[int]:
    """Return the keys of the agreements whose next renewal is to be announced, or can be no more, the earliest first.

    A trial order’s is not.
    """
    horizon = rules.add_months(today, 3)
    rows = db.session.execute(
        sa.select(CardAgreement.id, Contract.ends_on)
        .join(CardAgreement.contract)
        .where(
            CardAgreement.state == AgreementState.ACTIVE,
            sa.not_(Contract.is_test),
            Contract.ends_on.is_not(None),
            Contract.ends_on <= horizon,
            ~sa.exists().where(CardRenewal.contract_id == Contract.id, CardRenewal.ends_on == Contract.ends_on),
        )
        .order_by(Contract.ends_on, CardAgreement.id)
    )
    return [key for key, ends_on in rows if ends_on and rules.notice_window(ends_on=ends_on)[0] <= today]


def agreements_settled() -> Sequence[int]:
    """Return the keys of the agreements that wait with a card, although their subscription runs, the oldest first."""
    return db.session.scalars(
        sa.select(CardAgreement.id)
        .join(CardAgreement.contract)
        .where(
            CardAgreement.state == AgreementState.ASKED,
            CardAgreement.method_id != "",
            Contract.status == ContractStatus.ACTIVE,
        )
        .order_by(CardAgreement.id)
    ).all()


def agreements_cancelled(*, only: Collection[int] | None = None) -> Sequence[int]:
    """Return the keys of the agreements that hold, or may be taken up again, for contracts that are cancelled.

    Of these contracts ``only``, if they are given; one that Stripe is being asked to charge for is left for later.
    """
    found = (
        sa.select(CardAgreement.id)
        .join(CardAgreement.contract)
        .where(
            sa.or_(
                CardAgreement.state.in_((AgreementState.ACTIVE, AgreementState.STOPPED)),
                # Its card is known since a page that did not fit.
                sa.and_(CardAgreement.state == AgreementState.ASKED, CardAgreement.customer_id != ""),
            ),
            Contract.status == ContractStatus.CANCELLED,
            ~_is_asked_for(),
        )
        .order_by(CardAgreement.id)
    )
    if only is not None:
        found = found.where(CardAgreement.contract_id.in_(only))
    return db.session.scalars(found).all()


def _is_asked_for() -> sa.Exists:
    """Return that Stripe was asked to charge a card under the agreement of a row, and has not said yet."""
    return sa.exists().where(
        CardCharge.renewal_id == CardRenewal.id,
        CardRenewal.agreement_id == CardAgreement.id,
        CardCharge.state == ChargeState.ASKED,
    )


def charges_to_give_back() -> Sequence[int]:
    """Return the keys of the tries that charged a card although that was stopped meanwhile, the oldest first."""
    return db.session.scalars(
        sa.select(CardCharge.id)
        .join(CardRenewal, CardRenewal.id == CardCharge.renewal_id)
        .where(
            CardCharge.state == ChargeState.PAID,
            CardCharge.reason == CardCharge.UNWANTED,
            CardRenewal.order_id.is_not(None),
        )
        .order_by(CardCharge.id)
    ).all()


def charge_in_full(charge_id: int) -> tuple[CardCharge, CardRenewal]:
    """Return a try with its renewal."""
    row = db.session.execute(
        sa.select(CardCharge, CardRenewal)
        .join(CardRenewal, CardRenewal.id == CardCharge.renewal_id)
        .where(CardCharge.id == charge_id)
        .execution_options(populate_existing=True)
    ).one()
    return row[0], row[1]


def chargeable(*, today: date) -> Sequence[int]:
    """Return the keys of the agreements of which a card may be to charge today, the earliest end first."""
    return db.session.scalars(
        sa.select(CardAgreement.id)
        .join(CardAgreement.contract)
        .join(
            CardRenewal,
            sa.and_(CardRenewal.contract_id == Contract.id, CardRenewal.ends_on == Contract.ends_on),
        )
        .where(
            CardAgreement.state == AgreementState.ACTIVE,
            CardRenewal.charge_on <= today,
            sa.not_(Contract.is_test),
        )
        .order_by(CardRenewal.ends_on, CardAgreement.id)
    ).all()


def unanswered_charges() -> Sequence[int]:
    """Return the keys of the tries of which Stripe has not said what became, the oldest first."""
    return db.session.scalars(
        sa.select(CardCharge.id).where(CardCharge.state == ChargeState.ASKED).order_by(CardCharge.id)
    ).all()


def charge_asked(charge_id: int) -> tuple[CardCharge, CardRenewal, CardAgreement] | None:
    """Return a try that waits for its answer, with its renewal, whose order is loaded, and its agreement."""
    row = db.session.execute(
        sa.select(CardCharge, CardRenewal, CardAgreement)
        .join(CardRenewal, CardRenewal.id == CardCharge.renewal_id)
        .join(CardAgreement, CardAgreement.id == CardRenewal.agreement_id)
        .where(CardCharge.id == charge_id, CardCharge.state == ChargeState.ASKED)
        .options(joinedload(CardRenewal.order))
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def is_being_charged(contract_id: int | None) -> bool:
    """Return whether Stripe was asked to charge a card for the renewal of a contract, and has not said yet."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    CardCharge.renewal_id == CardRenewal.id,
                    CardRenewal.contract_id == contract_id,
                    CardCharge.state == ChargeState.ASKED,
                )
            )
        )
    )


def asked_since(contract_id: int | None) -> tuple[datetime, bool] | None:
    """Return since when Stripe is asked to charge a card to renew a contract, and whether that was stopped."""
    row = db.session.execute(
        sa.select(CardCharge.asked_at, CardAgreement.state)
        .join(CardRenewal, CardRenewal.id == CardCharge.renewal_id)
        .join(CardAgreement, CardAgreement.id == CardRenewal.agreement_id)
        .where(CardRenewal.contract_id == contract_id, CardCharge.state == ChargeState.ASKED)
        .order_by(CardCharge.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.asked_at, row.state is not AgreementState.ACTIVE)


def renewals_besides(contract_id: int, order_id: int | None) -> Sequence[tuple[OrderStatus | None, date | None]]:
    """Return the renewals of a contract by other orders: where the order stands, and when each begins or began."""
    rows = db.session.execute(
        sa.select(Order.status, Contract.starts_on)
        .select_from(Contract)
        .outerjoin(Contract.order_line)
        .outerjoin(OrderLine.order)
        .where(
            Contract.renews_id == contract_id,
            Contract.status != ContractStatus.CANCELLED,
            sa.or_(OrderLine.order_id.is_(None), OrderLine.order_id != (order_id or 0)),
        )
    )
    return [(status, starts_on) for status, starts_on in rows]


def cards_to_forget(*, today: date) -> Sequence[int]:
    """Return the keys of the agreements whose card Stripe is still keeping for nothing, the oldest first.

    They are over, or were stopped and their subscription has ended, so that nobody takes that back. While Stripe has
    not said whether it charged one, that could not be looked up without it; while an alert about one of their orders
    waits, the office finds by it whose money that is.
    """
    renewed = sa.select(CardRenewal.order_id).where(CardRenewal.agreement_id == CardAgreement.id)
    alerted = sa.exists().where(
        PaymentAlert.handled_at.is_(None),
        sa.or_(PaymentAlert.order_id == CardAgreement.order_id, PaymentAlert.order_id.in_(renewed)),
    )
    return db.session.scalars(
        sa.select(CardAgreement.id)
        .join(CardAgreement.contract)
        .where(
            CardAgreement.customer_id != "",
            ~_is_asked_for(),
            ~alerted,
            sa.or_(
                CardAgreement.state == AgreementState.OVER,
                sa.and_(CardAgreement.state == AgreementState.STOPPED, Contract.ends_on < today),
            ),
        )
        .order_by(CardAgreement.id)
    ).all()


def needless_orders() -> Sequence[int]:
    """Return the keys of the orders that wait for a card which is to be charged no more."""
    return db.session.scalars(
        sa.select(Order.id)
        .join(CardRenewal, CardRenewal.order_id == Order.id)
        .join(CardAgreement, CardAgreement.id == CardRenewal.agreement_id)
        .where(
            CardAgreement.state.in_((AgreementState.STOPPED, AgreementState.OVER)),
            Order.status == OrderStatus.PENDING,
            ~sa.exists().where(CardCharge.renewal_id == CardRenewal.id, CardCharge.state == ChargeState.ASKED),
        )
        .order_by(Order.id)
    ).all()
