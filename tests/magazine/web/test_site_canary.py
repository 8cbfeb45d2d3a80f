"""What is reserved leaves by no door: every public address, read as each of those who may not, for one sentence."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader, PdfWriter
from werkzeug.routing import Rule

from eventsapp.accounts.access import OFFICE_PREFIX, RoleName
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.magazine import service
from eventsapp.magazine.access import Reason, Right, participant_key
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, CommentStatus
from eventsapp.magazine.web import site
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.search import service as search
from eventsapp.search.models import entries
from eventsapp.study_days.models import DayDocument, StudyDay, StudySession
from eventsapp.study_days.statuses import DocumentAudience
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import make_open_day, seats_of
from tests.support.makers.magazine import (
    CANARY,
    make_article,
    make_comment,
    make_issue,
    make_section,
    make_tag,
    set_terms,
)
from tests.support.makers.study_days import make_session, make_speaker
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.patience import opened

#: A stretch of the sentence that no format writes another way, JSON and PDF included.
FRAGMENT = "que seuls les lecteurs"
BODY = f"## Ce qui s’est dit\n\nLe début est à tous.\n\n{CANARY} Chacun avait ses raisons.\n\nLa fin."

BY_SEAT = "/inscriptions/{seat}/comptes-rendus/reserve"
#: Addresses with a part to fill in, by endpoint: what may tell of an article.
FILLED: dict[str, list[str]] = {
    "magazine.article": ["/articles/reserve/", "/articles/voisin/"],
    "magazine.article_pdf": ["/articles/reserve.pdf", "/articles/voisin.pdf"],
    "magazine.article_by_key": ["/articles/reserve/lire/{foreign}/", "/articles/reserve/lire/{held}/"],
    "magazine.article_of_seat": [BY_SEAT + "/"],
    "magazine.article_pdf_by_key": [
        "/articles/reserve/lire/{foreign}/article.pdf",
        "/articles/reserve/lire/{held}/article.pdf",
    ],
    "magazine_comments.write": [
        "/articles/reserve/commenter/",
        "/inscriptions/{seat}/comptes-rendus/reserve/commenter/",
    ],
    "magazine_comments.written": [
        "/articles/reserve/commenter/merci/",
        "/inscriptions/{seat}/comptes-rendus/reserve/commenter/merci/",
    ],
    "magazine_comments.report": [
        "/articles/reserve/commentaires/{comment}/signaler/",
        "/inscriptions/{seat}/comptes-rendus/reserve/commentaires/{comment}/signaler/",
    ],
    "magazine_comments.reported": [
        "/articles/reserve/commentaires/merci/",
        "/inscriptions/{seat}/comptes-rendus/reserve/commentaires/merci/",
    ],
    "magazine_comments.edit": [
        "/articles/reserve/commentaires/{comment}/modifier/",
        "/inscriptions/{seat}/comptes-rendus/reserve/commentaires/{comment}/modifier/",
    ],
    "magazine_giving.give": ["/articles/reserve/offrir/"],
    "magazine_giving.given": ["/articles/reserve/offrir/liens/"],
    "magazine_sharing.article": ["/articles/reserve/envoyer/"],
    "magazine_sharing.article_sent": ["/articles/reserve/envoyer/merci/"],
    "magazine_sharing.study_day": ["/journees/angers/envoyer/"],
    "magazine_sharing.study_day_sent": ["/journees/angers/envoyer/merci/"],
    "magazine_shelves.section": ["/magazine/rubriques/juridique/"],
    "magazine_shelves.section_feed": ["/magazine/rubriques/juridique/flux.atom"],
    "magazine_shelves.tag": ["/magazine/mots-cles/finances/"],
    "magazine_shelves.tag_feed": ["/magazine/mots-cles/finances/flux.atom"],
    "magazine_shelves.author": ["/magazine/auteurs/anne-roux/"],
    "magazine_shelves.author_feed": ["/magazine/auteurs/anne-roux/flux.atom"],
    "magazine.issue": ["/magazine/602/"],
    "magazine_issues.whole": ["/magazine/602.pdf"],
    "documents.of_day": ["/journees/angers/documents/{document}/"],
    "documents.of_seat": ["/inscriptions/{seat}/documents/{document}/"],
    "surveys.survey": ["/inscriptions/{seat}/questionnaire/"],
    "api_magazine.issue": ["/api/v1/issues/602"],
    "api_magazine.report": ["/api/v1/reports/reserve"],
    "api_speakers.speaker": ["/api/v1/speakers/michel-monier"],
    "api_study_days.study_day": ["/api/v1/study-days/angers"],
    "speakers.speaker": ["/intervenants/michel-monier/"],
    "study_days.day": ["/journees/angers/"],
    "study_days.session": ["/journees/angers/seances/1/"],
    "study_days_feeds.day": ["/journees/angers.ics"],
    "checkout.register": ["/journees/angers/inscription/"],
    "site_programs.sitemap_page": ["/sitemap-1.xml"],
    "seats.seat": ["/inscriptions/{seat}/"],
    "subscriptions.plan": ["/abonnements/un-an/"],
}
SHELVES = ["rubriques/juridique", "mots-cles/finances", "auteurs/anne-roux"]
#: Addresses that are asked something.
ASKED = [
    "/recherche/?q=phrase",
    "/recherche/?q=lecteurs+autoris%C3%A9s",
    "/recherche/?q=r%C3%A9serv%C3%A9&type=articles",
    "/magazine/?page=1",
    *(f"/oai?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")),
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:article-1",
    "/oai?verb=ListSets",
    "/oai?verb=Identify",
    "/api/v1/reports?per_page=50",
    "/journees/?quand=passees",
]
#: Endpoints with a part to fill in that say nothing of articles: somebody looked.
ELSEWHERE = re.compile(
    r"^(orders|parts|cancellation|terms|billing|invoices|mandats|participants|payment|dunning|consumers|quotes|gifts"
    r"|giving|renewals|refusals|newsletter|newsletter_leaving|addresses|cards|readers|reading|waiting_place|waiting_list"
    r"|tickets|certificates)\."
    r"|^(accounts\.choose_password|files\.show(_narrow)?|seats\.edit|site_texts\.text|magazine_sharing\.refuse|static"
    r"|checkout\.\w+|api\.problem|api_orders\.order|api_registrations\.registrations)$"
)


@dataclass(frozen=True)
class Scene:
    """A reserved report, and the addresses at which anything tells of it."""

    article_id: int
    seat_id: int
    addresses: list[str]


@pytest.fixture
def scene(app: Flask, client: FlaskClient) -> Scene:
    """A reserved report with all that pages tell about one, its neighbours, and keys that do not fit."""
    day = make_open_day(slug="angers")
    speaker = make_speaker("Michel Monier")
    session = make_session(day, title="Mutualiser", speakers=[speaker])
    given: dict[str, Any] = {
        "section_id": make_section("Juridique").id,
        "issue_id": make_issue(602, pdf=printed("602.pdf")).id,
        "study_day_id": day.id,
        "access": Access.SUBSCRIBERS,
        "kind": ArticleKind.REPORT,
        "body": BODY,
    }
    filed: dict[str, Any] = {"tags": [make_tag("Finances")], "authors": ["Anne Roux"]}
    made = make_article(slug="reserve", title="Réservé", sessions=[session], speakers=[speaker], **given, **filed)
    make_article(slug="voisin", related=[made], **given | {"body": "Libre.", "access": Access.PUBLIC})
    document = hand_out(day, session)
    comment = make_comment(made, status=CommentStatus.PUBLISHED, body="Bien dit.")
    make_plan(slug="un-an")
    set_terms(free_paragraphs=1)
    (seat,) = seats_of(day)
    seat.status = RegistrationStatus.HELD
    foreign = service.give_article(make_article(access=Access.SUBSCRIBERS), giver=make_user(), now=clock.now())
    db.session.commit()
    search.rebuild()
    db.session.commit()
    parts = {
        "foreign": foreign.secret,
        "held": participant_key(seat, made),
        "comment": comment.id,
        "document": document.id,
        "seat": seat.secret,
    }
    found = list(ASKED)
    for rule in rules_of(app):
        known = FILLED.get(rule.endpoint, [] if rule.arguments else [rule.rule])
        found += [address.format(**parts) for address in known]
    in_english = [f"/en{address}" for address in found if not address.startswith(("/api/", "/sante/", "/favicon"))]
    return Scene(article_id=made.id, seat_id=seat.id, addresses=found + in_english)


def hand_out(day: StudyDay, session: StudySession) -> DayDocument:
    """Give subscribers and participants a paper with the sentence in it."""
    document = DayDocument(
        study_day_id=day.id,
        session_id=session.id,
        title="Diaporama",
        file=printed("support.pdf"),
        position=1,
        audience=DocumentAudience.SUBSCRIBERS,
    )
    db.session.add(document)
    db.session.commit()
    return document


def printed(name: str) -> StoredFile:
    """Keep a blank page whose title is the sentence."""
    made, paper = io.BytesIO(), PdfWriter()
    paper.add_blank_page(width=100, height=100)
    paper.add_metadata({"/Title": FRAGMENT})
    paper.write(made)
    return files.store(made.getvalue(), name=name, now=clock.now())


def rules_of(app: Flask) -> Iterator[Rule]:
    """Every public address that can be read."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(OFFICE_PREFIX):
            yield rule


def leaks(client: FlaskClient, asked: list[str]) -> set[str]:
    """Return the addresses whose answer, followed to its end, holds the sentence."""
    found = set()
    for address in asked:
        for answer in (client.get(address, follow_redirects=True), client.head(address)):
            assert answer.status_code < 500, address
            if FRAGMENT in text_of(answer):
                found.add(address)
    return found


def text_of(answer: Any) -> str:
    """Return what an answer says, in its headers too: without the marks of a search; of a PDF, its words."""
    data: bytes = answer.get_data()
    body = re.sub(r"</?mark>", "", data.decode(errors="replace"))
    if data.startswith(b"%PDF"):
        paper = PdfReader(io.BytesIO(data))
        words = " ".join(page.extract_text() for page in paper.pages)
        body = " ".join(f"{paper.metadata.title if paper.metadata else ''} {words}".split())
    return f"{answer.headers}\n{body}"


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


@pytest.mark.parametrize("visitor", [nobody, free_account, after_a_contract, removed])
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
