"""Each reader gets a letter once, of their own themes, without a trace of who opened it: whatever dies meanwhile."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import escape
from sqlalchemy.exc import OperationalError

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as Settings
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.newsletter import mails, queries, service
from eventsapp.newsletter.errors import LetterGone
from eventsapp.newsletter.models import Letter, Reader
from eventsapp.newsletter.service import _send
from eventsapp.newsletter.statuses import LetterStatus
from tests.newsletter.looking import GONE, ledger, make_letter, make_reader, plan, reader_of, send, sent
from tests.support.at_once import at_once, committing_app
from tests.support.mail_server import MailServer
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import CANARY, make_article
from tests.support.makers.study_days import NOW, make_study_day, make_theme
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")
#: A lead as people write them, in which Markdown would see a list, a link and marks.
LEAD = "2026. Un [lien](https://exemple.org), une *étoile* & un `mot`"


def some_readers(count: int) -> None:
    """Make readers who confirmed, quickly."""
    db.session.add_all(
        Reader(
            email=f"lecteur{number:04}@exemple.fr",
            status="confirmed",
            asked_at=NOW,
            acted_at=NOW,
            confirmed_at=NOW,
        )
        for number in range(count)
    )
    db.session.commit()


def a_letter(title: str = "Un article", **values: Any) -> Letter:
    make_article(title=title, published_at=NOW - timedelta(days=1), **values)
    return make_letter()


@IN_PLACE
def test_each_reads_their_own_themes_with_their_own_way_out() -> None:
    finance, law, other = make_theme("Finances"), make_theme("Juridique"), make_theme("Ressources humaines")
    day = make_study_day(title="Finances locales", theme=finance, starts_at=NOW + timedelta(days=20))
    make_study_day(title="Droit local", theme=law, starts_at=NOW + timedelta(days=21))
    make_article(
        title="Le compte rendu des finances",
        kind=ArticleKind.REPORT,
        access=Access.SUBSCRIBERS,
        study_day_id=day.id,
        published_at=NOW - timedelta(days=1),
    )
    make_reader("tout@exemple.fr")
    make_reader("finances@exemple.fr", finance)
    make_reader("autre@exemple.fr", other)
    letter = make_letter()
    plan(letter)

    assert (send(), send()) == (3, 0)

    whole, finances = sent()
    assert (whole.to_address, finances.to_address) == ("tout@exemple.fr", "finances@exemple.fr")
    assert "Droit local" in whole.text
    assert "Droit local" not in finances.text + finances.html
    assert "Finances locales" in finances.text
    assert "réservé aux abonnés" in finances.text
    secret = reader_of("finances@exemple.fr").secret
    assert f"/lettre/{secret}/quitter/" in finances.unsubscribe_url
    assert finances.unsubscribe_url in finances.text
    assert f"/lettre/{secret}/" in finances.html
    assert [line[1:] for line in ledger(letter.id)] == [("written", ""), ("written", ""), ("left_out", "themes")]
    kept = db.session.get_one(Letter, letter.id)
    assert (kept.status, kept.total, kept.finished_at) == (LetterStatus.DONE, 3, GONE)
    assert queries.progress_of(letter.id).left_out == 1


@IN_PLACE
def test_what_is_reserved_is_not_in_it_and_nothing_tells_who_opened_it() -> None:
    make_reader()
    letter = a_letter(access=Access.SUBSCRIBERS)
    letter.intro = "Bonjour, **voici** [le site](https://exemple.fr/). ![pixel](https://exemple.org/p.gif)"
    db.session.commit()
    plan(letter)
    send()

    (mail,) = sent()
    assert "que seuls les lecteurs" in CANARY
    assert "que seuls les lecteurs" not in mail.html + mail.text
    assert "<img" not in mail.html
    links = set(re.findall(r'href="([^"]+)"', mail.html))
    secret = reader_of().secret
    # Whatever leads elsewhere than to one's own page is the same for everybody.
    personal = {link for link in links if secret in link}
    assert {link.rsplit(secret, 1)[1] for link in personal} == {"/", "/quitter/"}
    assert all("?" not in link and "utm" not in link for link in links - personal)


@IN_PLACE
def test_titles_are_text_and_headers_hold_one_line() -> None:
    make_reader()
    letter = a_letter("<b>Gras</b> & [lien](https://exemple.org)")
    letter.subject = "La lettre\r\nBcc: tous@exemple.fr"
    db.session.commit()
    plan(letter)
    send()

    (mail,) = sent()
    assert mail.subject == "La lettre Bcc: tous@exemple.fr"
    assert "&lt;b&gt;Gras&lt;/b&gt;" in mail.html
    assert 'href="https://exemple.org"' not in mail.html


@IN_PLACE
@pytest.mark.parametrize(
    ("own", "in_html", "in_text"),
    [
        ("", f"<p>{escape(LEAD)}</p>", LEAD),
        ("Ce que **nous** en disons", "Ce que <strong>nous</strong>", "Ce que nous en disons"),
    ],
)
def test_a_lead_is_text_and_what_the_office_says_instead_is_markdown(own: str, in_html: str, in_text: str) -> None:
    make_reader()
    letter = a_letter(lead=LEAD)
    (item,) = queries.items_of(letter.id)
    item.text = own
    db.session.commit()
    plan(letter)
    send()

    (mail,) = sent()
    assert in_html in mail.html
    assert in_text in mail.text


@IN_PLACE
def test_who_left_or_was_left_out_since_gets_none_and_who_came_since_gets_it() -> None:
    gone = make_reader("parti@exemple.fr").id
    make_reader("echec@exemple.fr")
    letter = a_letter()
    plan(letter, leaves_at=NOW + timedelta(days=1))
    with unit_of_work.transaction():
        service.leave(gone, now=NOW)
        mail_service.suppress("echec@exemple.fr", SuppressionReason.BOUNCED, now=NOW)
    make_reader("arrivee@exemple.fr")

    send(now=NOW + timedelta(days=1))

    assert [mail.to_address for mail in sent()] == ["arrivee@exemple.fr"]
    assert ledger(letter.id) == [
        ("echec@exemple.fr", "left_out", "bounced"),
        ("arrivee@exemple.fr", "written", ""),
    ]


@IN_PLACE
def test_who_leaves_in_the_middle_of_it_is_left_out() -> None:
    some_readers(_send.BATCH + 1)
    letter = a_letter()
    plan(letter)
    assert _send._write_some(letter.id, now=GONE) == _send.BATCH
    last = reader_of(f"lecteur{_send.BATCH:04}@exemple.fr").id
    with unit_of_work.transaction():
        service.leave(last, now=GONE)

    send()

    assert len(sent()) == _send.BATCH
    assert ledger(letter.id)[-1][1:] == ("left_out", "left")


@IN_PLACE
def test_each_reads_in_their_language() -> None:
    make_reader("reader@exemple.fr", locale="en")
    make_reader()
    plan(a_letter())
    send()

    english, french = sent()
    assert "/en/articles/" in english.text
    assert "/en/" not in french.text
    assert "Ne plus" not in english.text


@IN_PLACE
@pytest.mark.parametrize("people", [5, 45])
def test_a_batch_costs_as_many_reads_whatever_its_size(
    people: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    some_readers(people)
    letter = a_letter()
    make_study_day(starts_at=NOW + timedelta(days=20))
    key = letter.id
    plan(letter)
    _send._begin(key, now=GONE)
    db.session.commit()
    db.session.expire_all()

    with count_queries as count:
        assert _send._write_some(key, now=GONE) == people

    # What each reader costs is written by itself: a savepoint, the mail and the line of the ledger.
    written = ("SAVEPOINT", "RELEASE", "INSERT", "UPDATE newsletter_recipients")
    assert len([statement for statement in count.statements if not statement.startswith(written)]) == 7
    assert len([statement for statement in count.statements if statement.startswith("INSERT")]) == people


@IN_PLACE
def test_one_reader_that_fails_is_noted_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    some_readers(3)
    letter = a_letter()
    plan(letter)
    real: Callable[..., OutgoingMail] = mails.letter

    def write(sent_letter: Letter, contents: Any, reader: Reader, **named: Any) -> OutgoingMail:
        if reader.email == "lecteur0001@exemple.fr":
            raise ValueError
        return real(sent_letter, contents, reader, **named)

    monkeypatch.setattr(mails, "letter", write)
    send()

    assert [line[1:] for line in ledger(letter.id)] == [("written", ""), ("failed", "ValueError"), ("written", "")]
    assert db.session.get_one(Letter, letter.id).status is LetterStatus.DONE
    assert queries.progress_of(letter.id).failed == 1


@IN_PLACE
def test_a_database_that_is_away_fails_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    some_readers(1)
    letter = a_letter()
    plan(letter)
    real = mails.letter

    def away(*_args: object, **_named: object) -> OutgoingMail:
        raise OperationalError("", {}, ConnectionError())

    monkeypatch.setattr(mails, "letter", away)
    send()
    monkeypatch.setattr(mails, "letter", real)

    assert send() == 1
    assert [line[1] for line in ledger(letter.id)] == ["written"]


@pytest.fixture
def server(app: Flask, transaction: None, smtp: MailServer) -> Iterator[MailServer]:
    """A mail server that the application is set to use."""
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, mail_server=Settings(host="127.0.0.1", port=smtp.port))
    yield smtp
    app.extensions["eventsapp.settings"] = settings


def test_mail_programs_find_the_way_out_and_a_dead_address_is_left_out_of_the_next(server: MailServer) -> None:
    make_reader()
    plan(a_letter())
    send()
    mail_service.send_due(clock=lambda: GONE)

    (message,) = [each for each in server.to("lectrice@exemple.fr") if each["List-Unsubscribe"]]
    assert message["List-Unsubscribe"] == f"<{sent()[0].unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_body(("plain",)) is not None

    server.refusal = "550 5.1.1 No such user"
    make_article(published_at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=7)
    plan(make_letter(now=later), now=later)
    send(now=later + timedelta(minutes=2))
    mail_service.send_due(clock=lambda: later + timedelta(minutes=3))
    assert queries.count_readers({None}) == 0


def prepared(app: Flask, people: int) -> int:
    with app.app_context():
        some_readers(people)
        letter = a_letter()
        plan(letter)
        key = letter.id
        db.session.remove()
    return key


def stand(app: Flask, key: int) -> tuple[int, int, str]:
    """Return how many mails there are, to how many addresses, and where the letter stands."""
    with app.app_context():
        found = [mail.to_address for mail in sent()]
        status = db.session.get_one(Letter, key).status.value
        db.session.remove()
    return len(found), len(set(found)), status


def test_two_workers_at_once_write_to_each_reader_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        key = prepared(app, 130)

        written = at_once(app, send, send, send)

        assert sum(written) == 130
        assert stand(app, key) == (130, 130, "done")


def test_taken_back_while_a_worker_begins_it_leaves_whole_or_not_at_all(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        key = prepared(app, 20)
        with app.app_context():
            actor_id = make_user(RoleName.EDITOR).id
            db.session.remove()

        def take_back() -> int:
            try:
                with unit_of_work.transaction():
                    actor = db.session.get_one(User, actor_id)
                    service.undo(key, actor=actor, now=NOW + timedelta(seconds=59))
            except LetterGone:
                return 0
            return 1

        taken, written = at_once(app, take_back, send)

        assert (taken, written, stand(app, key)) in [(1, 0, (0, 0, "draft")), (0, 20, (20, 20, "done"))]
        with app.app_context():
            lines = db.session.scalar(sa.text("SELECT count(*) FROM newsletter_recipients"))
            db.session.remove()
        assert lines == written
