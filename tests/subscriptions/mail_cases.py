"""The mails about readers of institutions, for the texts in ``tests/mail/texts``: template, and what sends it."""

from collections.abc import Callable
from datetime import timedelta

from eventsapp.core import unit_of_work
from eventsapp.subscriptions import mails, queries, rules, service
from eventsapp.subscriptions.models import Contract
from tests.support.makers.readers import BUYER, again, found, joined, make_institution, readership
from tests.support.makers.study_days import NOW

ONE = "une@ville.example"


def _renewed(readers: int) -> Contract:
    contract = make_institution(3)
    joined(contract, ONE, "deux@ville.example")
    return make_institution(readers, renews=contract)


def _invited(locale: str = "fr") -> None:
    with unit_of_work.transaction():
        service.invite(readership(make_institution(5)), f"Anne Dubois <{ONE}>", by=BUYER, locale=locale, now=NOW)


def _removed() -> None:
    contract = make_institution(5)
    (member,) = joined(contract, ONE)
    with unit_of_work.transaction():
        service.remove(readership(contract), member.id, by=BUYER, now=NOW)


def _ends(*, over: bool) -> None:
    if not over:
        contract = _renewed(2)
        keys = [found(contract, email).id for email in (BUYER, "deux@ville.example")]
        with unit_of_work.transaction():
            service.choose(readership(contract), contract.id, keys, by=BUYER, now=NOW)
        service.tell_ends(now=NOW + rules.CHOICE_SETTLES)
        return
    contract = again(make_institution(5))
    assert contract.ends_on is not None
    after = NOW + (contract.ends_on + timedelta(days=1) - NOW.date())
    with unit_of_work.transaction():
        service.expire_due(today=after.date())
    service.tell_ends(now=after)


def _paused() -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    (member,) = [row for row in queries.seated(contract.id) if row.email == ONE]
    with unit_of_work.transaction():
        mails.reading_paused(again(contract), member, now=NOW)


def _domain(locale: str = "fr") -> None:
    with unit_of_work.transaction():
        service.ask_domain(readership(make_institution(5)), "accueil@ville.example", by=BUYER, locale=locale, now=NOW)


def _manager(locale: str = "fr") -> None:
    with unit_of_work.transaction():
        service.add_manager(readership(make_institution(5)), "doc@ville.example", by=BUYER, locale=locale, now=NOW)


CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "readers_open": ("subscriptions/readers_open", lambda: make_institution(5)),
    "readers_open_as_before": ("subscriptions/readers_open", lambda: _renewed(3)),
    "readers_open_more": ("subscriptions/readers_open", lambda: _renewed(10)),
    "readers_open_fewer": ("subscriptions/readers_open", lambda: _renewed(2)),
    "reader_invited": ("subscriptions/reader_invited", _invited),
    "reader_invited_en": ("subscriptions/reader_invited", lambda: _invited("en")),
    "reader_joined": ("subscriptions/reader_joined", lambda: joined(make_institution(5), ONE)),
    "reader_removed": ("subscriptions/reader_removed", _removed),
    "reading_paused": ("subscriptions/reading_paused", _paused),
    "reading_ends": ("subscriptions/reading_ends", lambda: _ends(over=False)),
    "reading_ends_over": ("subscriptions/reading_ends", lambda: _ends(over=True)),
    "domain_code": ("subscriptions/domain_code", _domain),
    "domain_code_en": ("subscriptions/domain_code", lambda: _domain("en")),
    "manager_added": ("subscriptions/manager_added", _manager),
    "manager_added_en": ("subscriptions/manager_added", lambda: _manager("en")),
}
