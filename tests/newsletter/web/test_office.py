"""The letter of the week in the office: from the draft the worker made to what became of each mail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access
from eventsapp.mail.statuses import MailStatus
from eventsapp.newsletter.models import Letter
from eventsapp.newsletter.statuses import LetterStatus
from tests.newsletter.looking import ask, items, make_letter, make_reader, plan, send, sent
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW, make_study_day, make_theme
from tests.support.pages import Page
from tests.support.queries import counting_queries

LETTERS = "/organisation/lettre/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.EDITOR, email="redactrice@exemple.fr"))
    return client


@pytest.fixture
def letter(client: FlaskClient) -> Letter:
    make_article(title="L’annuaire commun", published_at=NOW - timedelta(days=1))
    make_article(title="Le réservé", access=Access.SUBSCRIBERS, published_at=NOW - timedelta(days=2))
    make_study_day(title="Finances locales", theme=make_theme("Finances"), starts_at=NOW + timedelta(days=20))
    make_reader()
    return make_letter()


def address(letter: Letter, action: str = "") -> str:
    return f"{LETTERS}{letter.id}/" + (f"{action}/" if action else "")


def kept() -> Letter:
    return db.session.scalars(sa.select(Letter)).one()


def test_a_draft_is_edited_tried_planned_taken_back_and_sent(office: FlaskClient, letter: Letter) -> None:
    assert "La lettre du 23" in office.get(LETTERS).text
    page = office.get(address(letter)).text
    assert "1 lecteur" in page
    frame = office.get(address(letter, "apercu"))
    assert "L’annuaire commun" in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert 'class="mail-body narrow"' in page

    data = dict(Page(office.get(address(letter, "modifier")).text).fields)
    data |= {"subject": "Ce qui paraît", "intro": "**Bonjour**", "lines-0-position": "9", "lines-1-text": "Autrement."}
    del data["lines-2-is_in"]
    assert office.post(address(letter, "modifier"), data=data).location == address(letter)
    read = office.get(address(letter, "apercu")).text
    assert "<strong>Bonjour</strong>" in read
    assert read.index("Autrement.") < read.index("L’annuaire commun")
    assert "Finances locales" not in read

    office.post(address(letter, "essai"), data={"theme": ""})
    (trial,) = sent()
    assert (trial.to_address, trial.subject) == ("redactrice@exemple.fr", "Test\u00a0: Ce qui paraît")

    sending = address(letter, "envoyer")
    assert "Envoyer à 1 lecteur" in office.get(sending).text
    form = {"expected": "1", "version": str(kept().version), "when": "now"}
    assert office.post(sending, data=form).location == address(letter)
    assert "Annuler l’envoi" in office.get(address(letter)).text
    office.post(address(letter, "annuler"))
    assert kept().status is LetterStatus.DRAFT

    later = form | {"when": "later", "leaves_at": "2026-11-24T08:30"}
    db.session.commit()
    assert office.post(sending, data=later).status_code == 303
    assert "24\u00a0novembre 2026 à 8\u00a0h\u00a030" in office.get(address(letter)).text
    assert kept().starts_at == NOW.replace(day=24, hour=7, minute=30)
    assert send(now=NOW + timedelta(days=1)) == 1
    page = office.get(address(letter)).text
    assert "lectrice@exemple.fr" in page
    assert "Annuler l’envoi" not in page


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        ({"expected": "2"}, 409, "a changé entre-temps"),
        ({"expected": "²"}, 409, "a changé entre-temps"),
        ({"version": "9"}, 409, "modifié cette lettre"),
        ({"when": "later"}, 422, "Donnez le jour et l’heure"),
        ({"when": "later", "leaves_at": "2026-11-20T08:00"}, 422, "Choisissez une heure à venir"),
        ({"when": "never"}, 422, "error-summary"),
    ],
)
def test_it_leaves_only_as_it_was_counted_and_when_it_can(
    office: FlaskClient, letter: Letter, wrong: dict[str, str], status: int, told: str
) -> None:
    answer = office.post(address(letter, "envoyer"), data={"expected": "1", "version": "1", "when": "now"} | wrong)

    assert answer.status_code == status
    assert told in answer.text
    assert kept().status is LetterStatus.DRAFT


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"lines-0-position": "²"}, {"lines-0-position": "0"}, {"lines-0-text": "x" * 1001}]
)
def test_what_is_odd_in_a_letter_is_said_and_changes_nothing(
    office: FlaskClient, letter: Letter, wrong: dict[str, str]
) -> None:
    data = dict(Page(office.get(address(letter, "modifier")).text).fields)

    answer = office.post(address(letter, "modifier"), data=data | wrong)

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert kept().version == 1


def test_two_who_edit_at_once_do_not_overwrite_each_other(office: FlaskClient, letter: Letter) -> None:
    data = dict(Page(office.get(address(letter, "modifier")).text).fields)
    office.post(address(letter, "modifier"), data=data | {"subject": "Première"})

    answer = office.post(address(letter, "modifier"), data=data | {"subject": "En retard"})

    assert answer.status_code == 409
    assert "En retard" in answer.text
    assert kept().subject == "Première"


def test_a_reader_of_one_theme_is_shown_what_they_read(office: FlaskClient, letter: Letter) -> None:
    theme = make_theme("Juridique")

    page = office.get(address(letter, "apercu"), query_string={"theme": theme.id}).text

    assert "L’annuaire commun" in page
    assert "Finances locales" not in page
    assert office.get(address(letter, "apercu"), query_string={"theme": "²"}).status_code == 200


def test_no_letter_that_week_and_taken_up_again(office: FlaskClient, letter: Letter) -> None:
    office.post(address(letter, "abandonner"))
    assert kept().status is LetterStatus.DROPPED
    assert "abandonnée" in office.get(address(letter)).text
    assert office.post(address(letter, "envoyer"), data={}).status_code == 303

    assert office.post(f"{LETTERS}preparer/").location == address(letter)
    assert kept().status is LetterStatus.DRAFT


def test_preparing_opens_the_letter_that_is_there_and_tells_when_there_is_nothing_to_say(office: FlaskClient) -> None:
    page = office.post(f"{LETTERS}preparer/", follow_redirects=True).text
    assert "Rien n’est paru" in page
    assert "existe déjà" not in page
    make_article(published_at=NOW - timedelta(days=1))
    made = office.post(f"{LETTERS}preparer/").location
    assert made == address(kept())

    answer = office.post(f"{LETTERS}preparer/")
    assert answer.location == made
    page = office.get(made).text
    assert "existe déjà" in page
    assert "Rien n’est paru" not in page
    # Planned, it is opened as well.
    make_reader()
    plan(kept())
    assert office.post(f"{LETTERS}preparer/").location == made


def test_news_are_added_to_a_draft_alone(office: FlaskClient, letter: Letter) -> None:
    make_article(title="Tout neuf", published_at=NOW - timedelta(minutes=1))
    assert "1 nouveauté ajoutée" in office.post(address(letter, "actualiser"), follow_redirects=True).text
    plan(kept())

    assert "plus un brouillon" in office.post(address(letter, "actualiser"), follow_redirects=True).text
    assert len(items(letter.id)) == 4


def test_a_letter_that_is_to_leave_or_left_is_shown_as_it_is_read(office: FlaskClient, letter: Letter) -> None:
    plan(letter)

    for left in (False, True):
        if left:
            send()
        page = office.get(address(letter)).text
        assert f'<iframe class="mail-body" src="{address(letter, "apercu")}"' in page
        text = page.split('<pre class="mail-text">')[1].split("</pre>")[0]
        assert "L’annuaire commun" in text
        assert "Finances locales" in text
        assert "M’envoyer un essai" not in page
        assert f"{address(letter)}modifier/" not in page
    # The day that it told of is over: the letter said it nevertheless.
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        sign_in(office, make_user(RoleName.EDITOR))
        assert "Finances locales" in office.get(address(letter)).text
        assert "Finances locales" in office.get(address(letter, "apercu")).text


def test_what_became_of_each_mail_is_shown_with_the_reason(office: FlaskClient, letter: Letter) -> None:
    make_reader("autre@exemple.fr")
    plan(letter)
    send()
    first, second = sent()
    first.status, first.last_error = MailStatus.FAILED, "550 No such user"
    second.status, second.sent_at = MailStatus.SENT, NOW
    db.session.commit()

    page = office.get(address(letter)).text

    assert "550 No such user" in page
    assert "1 parti · 0 en attente · 1 refusé" in page
    assert "autre@" not in office.get(address(letter) + "?etat=refuses").text
    assert "autre@" in office.get(address(letter) + "?format=csv").text


def test_readers_are_listed_with_what_they_agreed_to(office: FlaskClient, letter: Letter) -> None:
    ask("attente@exemple.fr")

    page = office.get(f"{LETTERS}lecteurs/?etat=tous").text
    assert "attente@exemple.fr" in page
    assert "à confirmer" in page
    assert "attente@" not in office.get(f"{LETTERS}lecteurs/").text
    link = Page(page).links["attente@exemple.fr"]
    own = office.get(link).text
    assert "a demandé la lettre" in own
    assert "Vous acceptez de recevoir notre lettre." in own
    assert "lectrice@exemple.fr" in office.get(f"{LETTERS}lecteurs/?format=csv").text


@pytest.mark.parametrize("more", [0, 10])
def test_pages_cost_as_many_queries_whatever_there_is(office: FlaskClient, letter: Letter, more: int) -> None:
    for number in range(more):
        make_reader(f"lecteur{number}@exemple.fr", make_theme())
        make_article(published_at=NOW - timedelta(hours=number + 1))
    if more:
        office.post(address(letter, "actualiser"))
    counts = []
    for path in (
        LETTERS,
        address(letter),
        address(letter, "modifier"),
        address(letter, "apercu"),
        address(letter, "envoyer"),
        f"{LETTERS}lecteurs/",
    ):
        office.get(path)
        with counting_queries() as count:
            assert office.get(path).status_code == 200
        counts.append(count())
    plan(kept())
    send()
    with counting_queries() as count:
        assert office.get(address(letter)).status_code == 200
    counts.append(count())

    assert counts == [4, 6, 4, 4, 5, 5, 8]
