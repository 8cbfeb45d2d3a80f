"""A walk through every public address of a scene with one reserved text, for a sentence that must not leave."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader, PdfWriter
from werkzeug.routing import Rule

from eventsapp.accounts.access import OFFICE_PREFIX
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.magazine import service
from eventsapp.magazine.access import participant_key
from eventsapp.magazine.statuses import Access, ArticleKind, CommentStatus
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.search import service as search
from eventsapp.study_days.models import DayDocument, StudyDay, StudySession
from eventsapp.study_days.statuses import DocumentAudience
from tests.support.makers.accounts import make_user
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
from tests.support.makers.subscriptions import make_plan

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


def make_scene(app: Flask) -> Scene:
    """Make a reserved report with all that pages tell about one, its neighbours, and keys that do not fit."""
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


def leaks(client: FlaskClient, asked: list[str], *fragments: str) -> set[str]:
    """Return the addresses whose answer, followed to its end, holds the sentence, or any of the ``fragments`` given."""
    found = set()
    for address in asked:
        for answer in (client.get(address, follow_redirects=True), client.head(address)):
            assert answer.status_code < 500, address
            said = text_of(answer)
            if any(fragment in said for fragment in fragments or (FRAGMENT,)):
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
