"""What is reserved leaves by no door: every public address, read as each of those who may not, for one sentence."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.access import Reason, Right
from eventsapp.magazine.models import Article
from eventsapp.magazine.web import site
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.search import service as search
from eventsapp.search.models import entries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import (
    CANARY,
)
from tests.support.makers.readers import BUYER, joined, make_institution, readership
from tests.support.makers.subscriptions import make_contract
from tests.support.patience import opened
from tests.support.reserved_walk import (
    ELSEWHERE,
    FILLED,
    FRAGMENT,
    SHELVES,
    Scene,
    leaks,
    make_scene,
    rules_of,
    text_of,
)


@pytest.fixture
def scene(app: Flask, client: FlaskClient) -> Scene:
    return make_scene(app)


def nobody(client: FlaskClient, scene: Scene) -> None:
    """Somebody without an account."""


def free_account(client: FlaskClient, scene: Scene) -> None:
    """Somebody who signed in and buys nothing."""
    sign_in(client, make_user())


def after_a_contract(client: FlaskClient, scene: Scene) -> None:
    """Somebody whose subscription ended before the article came out."""
    make_contract("ancienne@exemple.fr", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    sign_in(client, make_user(email="ancienne@exemple.fr"))


def removed(client: FlaskClient, scene: Scene) -> None:
    """Somebody whose seat was cancelled a minute ago, and the subscription with it."""
    seat = db.session.get_one(Registration, scene.seat_id)
    seat.status = RegistrationStatus.CANCELLED
    make_contract(seat.email, status=ContractStatus.CANCELLED, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    sign_in(client, make_user(email=seat.email))


def suspended(client: FlaskClient, scene: Scene) -> None:
    """Somebody whose subscription runs by its dates and is closed, as its money was taken back."""
    reads = make_user(email="suspendue@exemple.fr")
    contract = make_contract(reads.email, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    sign_in(client, reads)
    assert FRAGMENT in client.get("/articles/reserve/").text
    contract.status = ContractStatus.PENDING
    db.session.commit()


def taken_off(client: FlaskClient, scene: Scene) -> None:
    """Somebody who read by the subscription of an institution, and was taken off it a minute ago."""
    now = clock.now()
    reads = make_user(email="lecteur@mairie.fr")
    contract = make_institution(today=clock.local_date(now), now=now)
    (member,) = joined(contract, reads.email, now=now)
    sign_in(client, reads)
    assert FRAGMENT in client.get("/articles/reserve/").text
    with unit_of_work.transaction():
        subscriptions.remove(readership(contract), member.id, by=BUYER, now=now - timedelta(minutes=1))


@pytest.mark.parametrize("visitor", [nobody, free_account, after_a_contract, removed, suspended, taken_off])
def test_the_sentence_is_nowhere_for_those_who_may_not_read_it(
    client: FlaskClient, scene: Scene, visitor: Callable[[FlaskClient, Scene], None]
) -> None:
    visitor(client, scene)

    assert leaks(client, scene.addresses) == set()


def test_every_public_address_is_walked_or_says_nothing_of_articles(app: Flask) -> None:
    unseen = {
        rule.endpoint
        for rule in rules_of(app)
        if rule.arguments and rule.endpoint not in FILLED and not ELSEWHERE.match(rule.endpoint)
    }

    assert unseen == set()
    assert FILLED.keys() <= {rule.endpoint for rule in rules_of(app)}


def test_the_walk_hears_a_page_that_forgets_to_ask(
    client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "right_to_read", lambda *_article, **_asked: Right(Reason.PUBLIC))

    assert leaks(client, scene.addresses) >= {
        "/articles/reserve/",
        "/en/articles/reserve/",
        "/articles/reserve.pdf",
    }


def test_the_walk_hears_every_place_that_quotes_an_article(client: FlaskClient, scene: Scene) -> None:
    # The lead is everybody's: with the sentence in it, each of these must tell it.
    db.session.get_one(Article, scene.article_id).lead = CANARY
    db.session.commit()
    search.rebuild()
    db.session.commit()

    assert leaks(client, scene.addresses) >= {
        "/articles/reserve/",
        "/articles/flux.atom",
        "/magazine/",
        "/magazine/602/",
        *(f"/magazine/{shelf}/{rest}" for shelf in SHELVES for rest in ("", "flux.atom")),
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/api/v1/reports",
        "/api/v1/reports/reserve",
        "/api/v1/issues/602",
        "/recherche/?q=phrase",
        "/recherche/?q=lecteurs+autoris%C3%A9s",
    }


@pytest.mark.parametrize("reason", [Reason.SUBSCRIBER, Reason.PAID_THEN, Reason.PARTICIPANT, Reason.TEAM, Reason.GIFT])
def test_those_who_may_read_find_the_sentence_on_the_page_and_in_the_pdf(
    client: FlaskClient, scene: Scene, reason: Reason
) -> None:
    page, paper = "/articles/reserve/", "/articles/reserve.pdf"
    article = db.session.get_one(Article, scene.article_id)
    if reason is Reason.GIFT:
        gift = service.give_article(article, giver=make_user(), now=clock.now())
        db.session.commit()
        page, paper = (f"/articles/reserve/lire/{gift.secret}/{rest}" for rest in ("", "article.pdf"))
    elif reason is Reason.PARTICIPANT:
        seat = db.session.get_one(Registration, scene.seat_id)
        seat.status = RegistrationStatus.ATTENDED
        db.session.commit()
        sign_in(client, make_user(email=seat.email))
    elif reason is Reason.TEAM:
        sign_in(client, make_user(RoleName.EDITOR))
    else:
        ends_on = date(2099, 1, 1) if reason is Reason.SUBSCRIBER else date(2026, 11, 21)
        # The number came out on 1 November.
        make_contract("lectrice@exemple.fr", starts_on=date(2026, 10, 1), ends_on=ends_on)
        sign_in(client, make_user(email="lectrice@exemple.fr"))

    for address in (page, paper):
        answer = client.get(address)
        assert FRAGMENT in text_of(answer), address
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_subscribers_find_the_sentence_in_the_whole_number_and_in_what_the_day_hands_out(
    client: FlaskClient, scene: Scene
) -> None:
    make_contract("lectrice@exemple.fr", starts_on=date(2026, 10, 1), ends_on=date(2099, 1, 1))
    sign_in(client, make_user(email="lectrice@exemple.fr"))

    found = leaks(client, scene.addresses)

    assert "/magazine/602.pdf" in found
    assert [address for address in found if address.startswith("/journees/angers/documents/")]


def test_whoever_takes_part_reads_by_the_link_of_the_private_page(client: FlaskClient, scene: Scene) -> None:
    seat = db.session.get_one(Registration, scene.seat_id)
    seat.status = RegistrationStatus.CONFIRMED
    db.session.commit()

    private = client.get(f"/inscriptions/{seat.secret}/").text
    (address,) = re.findall(r'href="(/articles/reserve/lire/[^"]+/)"', private)

    assert FRAGMENT not in private
    assert FRAGMENT in text_of(client.get(address))
    assert FRAGMENT in text_of(client.get(f"{address}article.pdf"))
    assert seat.secret not in client.get(address).text
    by_seat = client.get(f"/inscriptions/{seat.secret}/comptes-rendus/reserve/")
    assert FRAGMENT in text_of(by_seat)
    assert f"{address}article.pdf" in by_seat.text


def test_mails_and_the_index_do_not_hold_the_sentence(client: FlaskClient, scene: Scene) -> None:
    client.post(
        "/articles/reserve/envoyer/",
        data={
            "sender_name": "Dominique",
            "sender_email": "d@exemple.fr",
            "recipient": "ami@exemple.fr",
            "started": opened(client.application),
        },
    )

    (mail,) = db.session.query(OutgoingMail).filter_by(template="magazine/page_sent")
    assert "Cinq territoires" in mail.text
    for each in db.session.query(OutgoingMail):
        assert FRAGMENT not in f"{each.subject} {each.text} {each.html}"
    rows = db.session.execute(sa.select(entries).where(entries.c.object_id == scene.article_id)).all()
    assert rows
    assert [row for row in rows if "Cinq territoires" in str(row)]
    assert not [row for row in rows if "lecteurs" in str(row)]
