"""« Envoyer à un ami »: the form, what goes out over a real mail server, and the way out."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as MailServerSetting
from eventsapp.magazine.models import Share
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.mail import service as mail
from eventsapp.mail.models import MailRefusal, OutgoingMail
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.mail_server import MailServer
from tests.support.makers.magazine import CANARY, make_article
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.pages import Page
from tests.support.patience import opened

TYPED = {
    "sender_name": "Claire Lectrice",
    "sender_email": "claire@exemple.fr",
    "recipient": "ami@exemple.fr",
    "message": "Page 3 surtout.",
}


def send(client: FlaskClient, address: str = "/articles/angers/envoyer/", **changes: str) -> tuple[int, str, str]:
    answer = client.post(address, data=TYPED | {"started": opened(client.application)} | changes)
    return answer.status_code, answer.location or "", answer.text


def mails() -> list[OutgoingMail]:
    return db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()


@pytest.mark.parametrize(
    ("address", "thanks", "shown"),
    [
        ("/articles/angers/envoyer/", "/articles/angers/envoyer/merci/", "http://localhost/articles/angers/"),
        ("/journees/nantes/envoyer/", "/journees/nantes/envoyer/merci/", "http://localhost/journees/nantes/"),
        ("/magazine/envoyer/", "/magazine/envoyer/merci/", "http://localhost/magazine/"),
        ("/en/articles/angers/envoyer/", "/en/articles/angers/envoyer/merci/", "http://localhost/en/articles/angers/"),
    ],
)
def test_a_page_is_sent_to_one_friend(client: FlaskClient, address: str, thanks: str, shown: str) -> None:
    make_article(slug="angers")
    make_study_day(slug="nantes", city=make_city("Nantes"))
    assert client.get(address).status_code == 200

    status, location, _text = send(client, address)

    assert (status, location) == (303, thanks)
    assert "envoyé" in client.get(thanks).text or "sent" in client.get(thanks).text
    (mail_row,) = mails()
    assert (mail_row.to_address, mail_row.reply_to) == ("ami@exemple.fr", "claire@exemple.fr")
    assert shown in mail_row.text
    assert "Page 3 surtout." in mail_row.text


def test_the_mail_has_one_recipient_and_comes_from_the_magazine(client: FlaskClient, smtp: MailServer) -> None:
    make_article(slug="angers", title="Angers")
    settings = client.application.extensions["eventsapp.settings"]
    server = MailServerSetting(host="127.0.0.1", port=smtp.port)
    client.application.extensions["eventsapp.settings"] = replace(settings, mail_server=server)
    try:
        send(client)
        mail.send_due(clock=lambda: NOW.replace(year=2099))
    finally:
        client.application.extensions["eventsapp.settings"] = settings

    assert smtp.recipients == [["ami@exemple.fr"]]
    (message,) = smtp.messages
    assert message["To"].addresses[0].addr_spec == "ami@exemple.fr"
    assert message["Reply-To"] == "claire@exemple.fr"
    assert "claire" not in message["From"]
    assert message["Cc"] is None
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("recipient", "a@exemple.fr, b@exemple.fr", "nom@domaine.fr"),
        ("recipient", "a@exemple.fr;b@exemple.fr", "nom@domaine.fr"),
        ("recipient", "a@exemple.fr\r\nBcc: b@exemple.fr", "nom@domaine.fr"),
        ("recipient", "", "Indiquez le courriel de votre ami."),
        ("sender_email", "claire@exemple.fr\nBcc: x@exemple.fr", "nom@domaine.fr"),
        ("sender_name", "Gagnez sur casino.test", "Ni lien"),
        ("sender_name", "<b>Claire</b>", "Ni lien"),
        ("message", "Allez sur https://mauvais.test", "Ni lien"),
        ("message", "<a>ici</a>", "Ni lien"),
        ("message", "écrivez à moi@mauvais.test", "Ni lien"),
        ("message", "x" * 301, "300 caractères"),
    ],
)
def test_what_would_serve_a_spammer_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, field: str, value: str, said: str
) -> None:
    make_article(slug="angers")

    status, _location, page = send(client, **{field: value})

    assert status == 422
    assert said in page
    kept = Page(page).fields
    for other in {"sender_name", "message"} - {field}:
        assert kept[other] == TYPED[other]
    assert mails() == []
    assert db.session.query(Share).count() == 0


def test_line_ends_in_a_name_become_spaces(client: FlaskClient) -> None:
    make_article(slug="angers")

    send(client, sender_name="Claire\r\nBcc: victime")

    (mail_row,) = mails()
    assert mail_row.subject == "Claire Bcc: victime vous envoie une page de La Lettre du cadre territorial"


def test_twelve_sendings_from_one_address_become_five_mails(client: FlaskClient) -> None:
    make_article(slug="angers")
    make_study_day(slug="nantes")

    statuses = []
    for number in range(12):
        address = "/journees/nantes/envoyer/" if number % 2 else "/articles/angers/envoyer/"
        statuses.append(send(client, address, recipient=f"ami{number}@exemple.fr")[0])

    assert statuses == [303] * 5 + [429] * 7
    assert len(mails()) == 5


@pytest.mark.long
def test_a_thousand_sendings_become_five_mails_an_hour_for_each_place_they_come_from(client: FlaskClient) -> None:
    make_article(slug="angers")
    make_study_day(slug="nantes")
    pages = [
        "/articles/angers/envoyer/",
        "/journees/nantes/envoyer/",
        "/magazine/envoyer/",
        "/en/articles/angers/envoyer/",
    ]

    statuses = []
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(1000):
            # Two hours' worth, as fast as they come; the address of the sender is another each time.
            if number == 600:
                clock.shift(timedelta(hours=1, seconds=1))
            typed = {"recipient": f"ami{number}@exemple.fr", "sender_email": f"claire{number}@exemple.fr"}
            statuses.append(send(client, pages[number % len(pages)], **typed)[0])
        other = client.post(
            pages[0],
            data=TYPED | {"started": opened(client.application)},
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        )

    assert statuses == [303] * 5 + [429] * 595 + [303] * 5 + [429] * 395
    assert other.status_code == 303
    expected = [f"ami{number}@exemple.fr" for number in (*range(5), *range(600, 605))]
    assert [mail_row.to_address for mail_row in mails()] == [*expected, TYPED["recipient"]]
    assert db.session.query(Share).count() == 11


def test_a_form_that_comes_back_for_a_correction_does_not_count(client: FlaskClient) -> None:
    make_article(slug="angers")

    wrong = [send(client, recipient="x")[0] for _time in range(8)]

    assert wrong == [422] * 8
    assert send(client)[0] == 303


def test_the_answer_is_the_same_whatever_became_of_it(client: FlaskClient) -> None:
    make_article(slug="angers")
    sent = [send(client)[:2] for _time in range(4)]
    robot = send(client, website="x")[:2]

    assert {*sent, robot} == {(303, "/articles/angers/envoyer/merci/")}
    assert len(mails()) == 3


def test_the_way_out_shows_a_button_and_only_the_button_does_it(client: FlaskClient) -> None:
    make_article(slug="angers")
    send(client)
    link = mails()[0].text.split("http://localhost/envois/refuser/")[1].split()[0]
    address = f"/envois/refuser/{link}"

    page = client.get(address)
    assert "Ne plus rien recevoir" in page.text
    assert db.session.query(MailRefusal).count() == 0

    answer = client.post(address, follow_redirects=True)
    assert "C’est noté" in answer.text
    assert send(client)[:2] == (303, "/articles/angers/envoyer/merci/")
    assert len(mails()) == 1


@pytest.mark.parametrize("token", ["x", "x.y", "ami@exemple.fr"])
def test_a_made_up_way_out_is_not_found(client: FlaskClient, token: str) -> None:
    assert client.get(f"/envois/refuser/{token}/").status_code == 404
    assert client.post(f"/envois/refuser/{token}/").status_code == 404
    assert db.session.query(MailRefusal).count() == 0


def test_a_reserved_article_is_sent_without_its_text(client: FlaskClient) -> None:
    make_article(slug="angers", access=Access.SUBSCRIBERS)

    send(client)

    (mail_row,) = mails()
    assert "Cinq territoires racontent" in mail_row.text
    assert CANARY not in mail_row.text + mail_row.html


def test_what_visitors_may_not_see_cannot_be_sent(client: FlaskClient) -> None:
    make_article(slug="brouillon", status=ArticleStatus.DRAFT)
    make_study_day(slug="brouillon", status=StudyDayStatus.DRAFT)

    for address in ("/articles/brouillon/envoyer/", "/journees/brouillon/envoyer/"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=TYPED).status_code == 404
    assert mails() == []


def test_without_the_token_of_the_page_nothing_is_sent(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    make_article(slug="angers")

    assert send(client)[0] == 400
    assert mails() == []
