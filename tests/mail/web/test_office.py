"""The outbox in the office."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer
from eventsapp.mail import service as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.registrations import queries as registrations
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.pages import Page

MAILS = "/organisation/courriels/"


def _mail(
    *, subject: str = "Votre commande", template: str = "checkout/order_placed", **values: object
) -> OutgoingMail:
    mail = OutgoingMail(
        template=template, to_address="buyer@angers.fr", subject=subject, text="Bonjour", html="<p>Bonjour</p>",
        created_at=NOW, due_at=NOW, locale="fr", message_id=f"<{subject}>", **values,
    )  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    return mail


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def test_mails_are_listed_by_how_they_fared(office: FlaskClient) -> None:
    _mail(subject="Parti", status=MailStatus.SENT)
    _mail(subject="Refusé", status=MailStatus.FAILED, attempts=3)

    rows = Page(office.get(f"{MAILS}?etat=refuses&q=@angers.fr").text).rows

    assert [(row[0], row[1], row[3]) for row in rows] == [("Refusé buyer@angers.fr", "refusé", "3")]


def test_that_nothing_leaves_is_said(office: FlaskClient) -> None:
    assert "L’envoi n’est pas configuré" in office.get(MAILS).text


def test_a_mail_is_shown_in_a_frame_that_may_do_nothing(office: FlaskClient) -> None:
    mail = _mail(status=MailStatus.FAILED, last_error="550 <b>inconnu</b>")

    page, body = office.get(f"{MAILS}{mail.id}/"), office.get(f"{MAILS}{mail.id}/corps/")

    assert "550 &lt;b&gt;inconnu" in page.text
    assert f'src="{MAILS}{mail.id}/corps/" sandbox' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert body.text == "<p>Bonjour</p>"
    assert "sandbox;" in body.headers["Content-Security-Policy"]
    assert "script-src" not in body.headers["Content-Security-Policy"]


def test_a_mail_that_lets_somebody_sign_in_is_read_by_administrators_alone(client: FlaskClient) -> None:
    mail = _mail(template="accounts/choose_password")
    sign_in(client, make_user(RoleName.ORGANISER))

    assert "Bonjour" not in client.get(f"{MAILS}{mail.id}/").text
    assert client.get(f"{MAILS}{mail.id}/corps/").status_code == 403
    client.post("/compte/deconnexion/")
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    assert "Bonjour" in client.get(f"{MAILS}{mail.id}/").text


@pytest.mark.parametrize(
    ("role", "shown"), [(RoleName.ACCOUNTANT, False), (RoleName.ORGANISER, True), (RoleName.ADMINISTRATOR, True)]
)
def test_private_links_of_a_mail_are_for_those_who_may_read_what_they_open(
    client: FlaskClient, role: RoleName, *, shown: bool
) -> None:
    order = place(seats(make_study_day()))
    seat = registrations.of_order(order.id)[0]
    sign_in(client, make_user(role))
    mails = db.session.scalars(sa.select(OutgoingMail)).all()

    for secret in (order.secret, seat.secret):
        written = [mail for mail in mails if secret in mail.text]
        assert written
        for mail in written:
            assert secret in mail.html
            for address in (f"{MAILS}{mail.id}/", f"{MAILS}{mail.id}/corps/"):
                assert (secret in client.get(address).text) is shown


def test_no_subject_of_a_mail_tells_a_code(client: FlaskClient) -> None:
    user = make_user()
    client.post("/compte/connexion/code/", data={"email": user.email})

    mail = db.session.scalars(sa.select(OutgoingMail)).one()

    assert mail.subject == "Votre code de connexion"


def test_a_mail_goes_out_again(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailServer(host="127.0.0.1", port=9)
    present = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(present, mail_server=server))
    mail = _mail(status=MailStatus.FAILED, attempts=12, last_error="550")

    office.post(f"{MAILS}{mail.id}/renvoyer/")

    db.session.refresh(mail)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.QUEUED, 0, "")


def test_a_mail_that_cannot_go_out_again_stays_as_it_is_and_says_why(office: FlaskClient) -> None:
    mail = _mail(status=MailStatus.KEPT)

    answer = office.post(f"{MAILS}{mail.id}/renvoyer/", follow_redirects=True)

    db.session.refresh(mail)
    assert "ce courriel est gardé ici et ne part pas" in answer.text
    assert mail.status is MailStatus.KEPT


def test_an_erased_mail_is_called_so_in_its_list_and_on_its_page(client: FlaskClient) -> None:
    _mail(subject="Objet ancien", status=MailStatus.SENT)
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    mails.forget_old(now=NOW + timedelta(days=1500))
    key = db.session.scalars(sa.select(OutgoingMail.id)).one()

    listed, page = client.get("/organisation/courriels/").text, client.get(f"/organisation/courriels/{key}/").text

    for text in (listed, page):
        assert "Courriel effacé, texte et adresse" in text
        assert "Objet ancien" not in text
        assert "buyer@angers.fr" not in text
