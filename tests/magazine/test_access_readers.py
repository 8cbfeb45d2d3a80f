"""Who reads by a seat of an institution's contract, and who does not."""

from datetime import timedelta

import pytest

from eventsapp.accounts import queries as accounts
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.access import Reason, right_to_read
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access
from eventsapp.subscriptions import service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.readers import BUYER, again, found, joined, make_institution, readership
from tests.support.makers.study_days import NOW

ONE, TWO = "une@ville.example", "deux@ville.example"

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def why(article: Article, email: str, *, days: int = 0) -> Reason | None:
    db.session.expire_all()
    right = right_to_read(article, accounts.by_email(email), now=NOW + timedelta(days=days))
    return right.reason if right else None


@pytest.fixture
def article(transaction: None) -> Article:
    return make_article(access=Access.SUBSCRIBERS)


@pytest.fixture
def contract(transaction: None) -> Contract:
    made = make_institution(5)
    joined(made, ONE)
    return again(made)


def test_a_seat_lets_read_and_says_whose_it_is(article: Article, contract: Contract) -> None:
    right = right_to_read(article, accounts.by_email(ONE), now=NOW)

    assert right is not None
    assert (right.reason, right.readership_id) == (Reason.SUBSCRIBER, contract.readership_id)


def test_who_was_taken_off_a_minute_ago_reads_nothing(article: Article, contract: Contract) -> None:
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, ONE).id, by=BUYER, now=NOW - timedelta(minutes=1))

    assert why(article, ONE) is None
    assert why(article, BUYER) is Reason.SUBSCRIBER


def test_a_seat_of_one_contract_is_none_of_another(article: Article, contract: Contract) -> None:
    other = make_institution(5, email="autre@autre.example")
    joined(other, TWO)
    db.session.get_one(Contract, other.id).status = ContractStatus.CANCELLED
    db.session.commit()

    assert why(article, TWO) is None
    assert why(article, ONE) is Reason.SUBSCRIBER
    assert contract.readership_id != other.readership_id


def test_who_was_invited_and_has_not_accepted_reads_nothing(article: Article, contract: Contract) -> None:
    make_user(email=TWO)
    with unit_of_work.transaction():
        service.invite(readership(contract), TWO, by=BUYER, locale="fr", now=NOW)

    assert why(article, TWO) is None


def test_whoever_bought_it_and_left_the_seat_reads_nothing(article: Article, contract: Contract) -> None:
    with unit_of_work.transaction():
        service.remove(readership(contract), found(contract, BUYER).id, by=BUYER, now=NOW)

    assert why(article, BUYER) is None


def test_after_the_end_only_what_came_out_meanwhile_stays(article: Article, contract: Contract) -> None:
    assert contract.ends_on is not None
    after = (contract.ends_on - NOW.date()).days + 1
    late = make_article(access=Access.SUBSCRIBERS, published_at=NOW + timedelta(days=after))
    meanwhile = make_article(access=Access.SUBSCRIBERS, published_at=NOW)
    with unit_of_work.transaction():
        service.expire_due(today=NOW.date() + timedelta(days=after))

    assert why(late, ONE, days=after) is None
    assert why(meanwhile, ONE, days=after) is Reason.PAID_THEN
    assert why(article, TWO, days=after) is None


def test_a_contract_that_waits_for_its_money_again_opens_nothing_and_then_everything(
    article: Article, contract: Contract
) -> None:
    row = db.session.get_one(Contract, contract.id)
    row.status = ContractStatus.PENDING
    db.session.commit()
    assert why(article, ONE) is None
    db.session.get_one(Contract, contract.id).status = ContractStatus.ACTIVE
    db.session.commit()
    assert why(article, ONE) is Reason.SUBSCRIBER
