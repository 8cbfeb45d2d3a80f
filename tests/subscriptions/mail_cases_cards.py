"""What sends each mail about a renewal by card."""

from collections.abc import Callable
from datetime import datetime, time

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries, rules, service
from eventsapp.subscriptions.models import CardAgreement, CardRenewal, Contract
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState
from tests.support.makers.by_card import make_agreement
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan


def _agreement(*, cents: int = 12900, locale: str = "fr", **values: object) -> CardAgreement:
    plan = make_plan(name="Individuel", name_en="Individual", price_cents=cents)
    return make_agreement(make_contract("lectrice@exemple.fr", plan=plan, locale=locale), **values)


def _contract(agreement: CardAgreement) -> Contract:
    contract = queries.contract(agreement.contract_id)
    assert contract is not None
    return contract


def _announced(*, cents: int = 12900, locale: str = "fr") -> CardAgreement:
    agreement = _agreement(cents=cents, locale=locale)
    contract = _contract(agreement)
    assert contract.ends_on is not None
    first, _last = rules.notice_window(ends_on=contract.ends_on)
    service.announce_renewals_due(now=datetime.combine(first, time(9), tzinfo=NOW.tzinfo))
    return agreement


def _stopped(*, locale: str = "fr") -> CardAgreement:
    agreement = _agreement(locale=locale)
    with unit_of_work.transaction():
        service.stop_card(agreement.id, now=NOW)
    return agreement


def _resumed(*, announced: bool) -> None:
    agreement = _announced() if announced else _agreement()
    with unit_of_work.transaction():
        service.stop_card(agreement.id, now=NOW)
    with unit_of_work.transaction():
        service.resume(agreement.id, now=NOW)


def _refused(*, asks_holder: bool, locale: str = "fr") -> None:
    agreement = _announced(locale=locale)
    contract = _contract(agreement)
    renewal = queries.card_renewal(contract)
    assert isinstance(renewal, CardRenewal)
    next_on = None if asks_holder else rules.next_charge(charge_on=renewal.charge_on, ends_on=renewal.ends_on, tried=1)
    with unit_of_work.transaction():
        mails.card_refused(contract, agreement, renewal, asks_holder=asks_holder, next_on=next_on, now=NOW)


def _ended(reason: AgreementEnd, *, locale: str = "fr") -> None:
    agreement = _agreement(locale=locale)
    with unit_of_work.transaction():
        held = db.session.get_one(CardAgreement, agreement.id)
        service.end_agreement(held, _contract(held), reason, now=NOW)
    assert held.state is AgreementState.OVER


CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "card_announced": ("subscriptions/card_announced", _announced),
    "card_announced_dearer": ("subscriptions/card_announced", lambda: _announced(cents=13900)),
    "card_announced_en": ("subscriptions/card_announced", lambda: _announced(cents=13900, locale="en")),
    "card_stopped": ("subscriptions/card_stopped", _stopped),
    "card_stopped_en": ("subscriptions/card_stopped", lambda: _stopped(locale="en")),
    "card_resumed": ("subscriptions/card_resumed", lambda: _resumed(announced=False)),
    "card_resumed_late": ("subscriptions/card_resumed", lambda: _resumed(announced=True)),
    "card_refused": ("subscriptions/card_refused", lambda: _refused(asks_holder=False)),
    "card_refused_holder": ("subscriptions/card_refused", lambda: _refused(asks_holder=True)),
    "card_refused_en": ("subscriptions/card_refused", lambda: _refused(asks_holder=False, locale="en")),
    "card_ended_dearer": ("subscriptions/card_ended", lambda: _ended(AgreementEnd.DEARER)),
    "card_ended_not_running": ("subscriptions/card_ended", lambda: _ended(AgreementEnd.NOT_RUNNING)),
    "card_ended_en": ("subscriptions/card_ended", lambda: _ended(AgreementEnd.NOT_SOLD, locale="en")),
}
