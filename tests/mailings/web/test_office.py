"""Messages in the office, from the blank page to what became of each mail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import queries as mail_queries
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import OutgoingMail, Suppression
from eventsapp.mail.statuses import MailStatus, SuppressionReason
from eventsapp.mailings import service
from eventsapp.mailings.models import Mailing
from eventsapp.mailings.statuses import MailingStatus
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.mailings.looking import GONE, make_mailing, plan, sent, to_day
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.queries import counting_queries

MESSAGES = "/organisation/messages/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER, email="organisatrice@exemple.fr"))
    return client


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    found = make_study_day(title="Mutualiser", city=make_city("Angers"))
    place(seats(found, an_attendee(1), an_attendee(2)))
    return found


def form(day: StudyDay, **values: object) -> dict[str, object]:
    given: dict[str, object] = {
        "basis": "registrations",
        "days": [day.id],
        "seats": ["confirmed"],
        "presence": "any",
        "naming": "any",
        "subject": "Venir à {ville}",
        "body": "Bonjour {prenom},\n\n[votre page]({lien})",
        "reply_to": "",
    }
    return given | values


def written() -> Mailing:
    return db.session.scalars(sa.select(Mailing)).one()


def address(mailing: Mailing, action: str = "") -> str:
    return f"{MESSAGES}{mailing.id}/" + (f"{action}/" if action else "")


def test_a_message_is_written_tried_confirmed_taken_back_and_sent(office: FlaskClient, day: StudyDay) -> None:
    page = office.get(f"{MESSAGES}nouveau/?journee={day.slug}").text
    assert f'checked id="days-0" name="days" type="checkbox" value="{day.id}"' in page
    answer = office.post(f"{MESSAGES}nouveau/", data=form(day))
    mailing = written()
    assert answer.location == address(mailing)

    page = office.get(address(mailing)).text
    assert "2 personnes" in page
    assert "Claude Roux1, Claude Roux2" in page
    assert "Venir à Angers" in page

    key = page.split('option value="')[2].split('"')[0]
    frame = office.get(address(mailing, "apercu"), query_string={"pour": key})
    assert "Bonjour Claude," in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]

    office.post(address(mailing, "essai"), data={"pour": key})
    (test,) = sent()
    assert (test.to_address, test.subject) == ("organisatrice@exemple.fr", "Test\u00a0: Venir à Angers")
    assert "/inscriptions/" not in test.text

    page = office.get(address(mailing, "envoyer")).text
    assert "Envoyer à 2 personnes" in page
    answer = office.post(address(mailing, "envoyer"), data={"expected": "2", "version": "1"})
    assert answer.location == address(mailing)
    assert "Annuler l’envoi" in office.get(address(mailing)).text
    office.post(address(mailing, "annuler"))
    assert written().status is MailingStatus.DRAFT

    # What the test has looked at ends here: the sweep begins by ending it, and would undo the request with it.
    sending = address(mailing, "envoyer")
    db.session.commit()
    assert office.post(sending, data={"expected": "2", "version": "1"}).status_code == 303
    assert written().status is MailingStatus.PLANNED
    assert service.send_due(clock=lambda: GONE) == 2
    page = office.get(address(mailing)).text
    assert "Annuler l’envoi" not in page
    assert "Message envoyé" in page or "Envoi en cours" in page or "L’envoi n’est pas configuré" in page
    assert "claude.roux1@ville-exemple.fr" in page
    assert f"/organisation/courriels/{sent()[1].id}/" in page


@pytest.mark.parametrize("text", ["{{7*7}}", "{order.__class__}"])
def test_what_nothing_fills_is_refused_next_to_its_field_and_stays(
    office: FlaskClient, day: StudyDay, text: str
) -> None:
    answer = office.post(f"{MESSAGES}nouveau/", data=form(day, body=f"Cher {text}"))

    assert answer.status_code == 422
    assert 'id="body-error"' in answer.text
    assert f"Cher {text}" in answer.text
    assert db.session.scalars(sa.select(Mailing)).all() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": []}, "days"),
        ({"seats": []}, "seats"),
        ({"subject": ""}, "subject"),
        ({"body": ""}, "body"),
        ({"reply_to": "a@exemple.fr,b@exemple.fr"}, "reply_to"),
        ({"reply_to": "a@exemple.fr\r\nBcc: b@exemple.fr"}, "reply_to"),
        ({"days": ["999999"]}, "days"),
        ({"basis": "everybody"}, "basis"),
    ],
)
def test_what_is_missing_or_odd_is_said_next_to_its_field(
    office: FlaskClient, day: StudyDay, wrong: dict[str, object], field: str
) -> None:
    answer = office.post(f"{MESSAGES}nouveau/", data=form(day, **wrong))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.scalars(sa.select(Mailing)).all() == []


def test_a_draft_is_changed_and_thrown_away_and_a_message_that_left_is_neither(
    office: FlaskClient, day: StudyDay
) -> None:
    mailing = make_mailing(to_day(day))

    office.post(address(mailing, "modifier"), data=form(day, subject="Autre", version="1"))
    assert (written().subject, written().version) == ("Autre", 2)
    answer = office.post(address(mailing, "modifier"), data=form(day, subject="En retard", version="1"))
    assert answer.status_code == 409
    assert written().subject == "Autre"

    plan(written())
    office.post(address(mailing, "modifier"), data=form(day, subject="Trop tard", version="2"))
    office.post(address(mailing, "jeter"))
    assert written().subject == "Autre"
    office.post(address(mailing, "annuler"))
    office.post(address(mailing, "jeter"))
    assert db.session.scalars(sa.select(Mailing)).all() == []


@pytest.mark.parametrize("expected", ["1", "", "-1", "²", "99999999999"])
def test_another_number_of_people_than_confirmed_is_asked_about_anew(
    office: FlaskClient, day: StudyDay, expected: str
) -> None:
    mailing = make_mailing(to_day(day))

    answer = office.post(address(mailing, "envoyer"), data={"expected": expected, "version": "1"})

    assert answer.status_code == 409
    assert "2 personnes" in answer.text
    assert written().status is MailingStatus.DRAFT


def test_once_its_minute_is_over_a_message_is_not_taken_back(office: FlaskClient, day: StudyDay) -> None:
    mailing = make_mailing(to_day(day))
    plan(mailing)

    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        page = office.post(address(mailing, "annuler"), follow_redirects=True).text

    assert "Ce message est déjà parti" in page
    assert written().status is MailingStatus.PLANNED


def test_what_became_of_each_mail_is_shown_with_the_reason(office: FlaskClient, day: StudyDay) -> None:
    mailing = make_mailing(to_day(day))
    plan(mailing)
    service.send_due(clock=lambda: GONE)
    first, second = sent()
    first.status, first.last_error = MailStatus.FAILED, "550 No such user"
    second.status, second.sent_at = MailStatus.SENT, GONE
    db.session.commit()

    page = office.get(address(mailing)).text

    assert "550 No such user" in page
    assert "1 parti · 0 en attente · 1 refusé" in page
    assert "claude.roux2" not in office.get(address(mailing) + "?etat=refuses").text
    assert "claude.roux1" not in office.get(address(mailing) + "?etat=partis").text


@pytest.mark.parametrize("people", [2, 12])
def test_pages_cost_as_many_queries_whatever_the_number_of_people(
    office: FlaskClient, day: StudyDay, people: int
) -> None:
    place(seats(day, *[an_attendee(number) for number in range(10, 10 + people)]))
    mailing = make_mailing(to_day(day))
    counts = []
    for addressed in (MESSAGES, address(mailing), address(mailing, "envoyer"), f"{MESSAGES}nouveau/"):
        assert office.get(addressed).status_code == 200
        with counting_queries() as count:
            office.get(addressed)
        counts.append(count())
    plan(mailing)
    service.send_due(clock=lambda: GONE)
    for addressed in (address(mailing), f"/organisation/journees/{day.slug}/messages/"):
        with counting_queries() as count:
            assert office.get(addressed).status_code == 200
        counts.append(count())

    assert counts == [4, 8, 8, 5, 7, 9]


def test_addresses_that_are_left_out_are_listed_and_only_a_server_is_overruled(office: FlaskClient) -> None:
    for reason in SuppressionReason:
        with unit_of_work.transaction():
            mail_service.suppress(f"{reason}@exemple.fr", reason, detail="550 No such user", now=NOW)
    rows = {row.reason: row.id for row in db.session.scalars(sa.select(Suppression))}

    page = office.get(f"{MESSAGES}adresses-ecartees/").text
    assert "unsubscribed@exemple.fr" in page
    assert "550 No such user" in page
    for reason, key in rows.items():
        own = office.get(f"{MESSAGES}adresses-ecartees/{key}/").text
        assert ("Écrire de nouveau à cette adresse" in own) is (
            reason in {SuppressionReason.BOUNCED, SuppressionReason.RETURNED, SuppressionReason.COMPLAINED}
        )
        office.post(f"{MESSAGES}adresses-ecartees/{key}/")

    left = {row.reason for row in db.session.scalars(sa.select(Suppression))}
    assert left == {SuppressionReason.UNSUBSCRIBED, SuppressionReason.NEWSLETTER}


def test_whoever_complained_is_left_out_of_messages_once_and_the_list_says_why(office: FlaskClient) -> None:
    note = f"{MESSAGES}adresses-ecartees/noter/"
    assert office.get(note).status_code == 200
    given = {"reason": "complained", "address": "Fachee@Exemple.fr"}
    for wrong in ({"address": "a@exemple.fr\r\nBcc: b@exemple.fr"}, {"reason": "unsubscribed"}, {"reason": ""}):
        assert office.post(note, data=given | wrong).status_code == 422

    for detail in ("Par téléphone", "Encore"):
        assert office.post(note, data=given | {"detail": detail}).status_code == 303

    row = db.session.scalars(sa.select(Suppression)).one()
    assert (row.address, row.detail) == ("fachee@exemple.fr", "Par téléphone")
    assert list(mail_queries.suppressed(["fachee@exemple.fr"])) == ["fachee@exemple.fr"]
    assert "fachee@exemple.fr" in office.get(f"{MESSAGES}adresses-ecartees/?etat=plaintes").text
    assert "plainte reçue" in office.get(f"{MESSAGES}adresses-ecartees/?format=csv").text


def test_an_address_whose_mail_came_back_is_left_out_until_the_office_says_otherwise(office: FlaskClient) -> None:
    gone = {"reason": "returned", "address": "partie@exemple.fr", "detail": "550 5.1.1 User unknown"}
    assert office.post(f"{MESSAGES}adresses-ecartees/noter/", data=gone).status_code == 303
    assert "partie@exemple.fr" in office.get(f"{MESSAGES}adresses-ecartees/?etat=retours").text
    assert mail_queries.suppressed(["partie@exemple.fr"]) == {"partie@exemple.fr": SuppressionReason.RETURNED}

    row = db.session.scalars(sa.select(Suppression)).one()
    own = f"{MESSAGES}adresses-ecartees/{row.id}/"
    assert "550 5.1.1 User unknown" in office.get(own).text
    office.post(own)

    assert mail_queries.suppressed(["partie@exemple.fr"]) == {}


def test_who_came_and_left_no_address_is_told_of_and_not_counted(office: FlaskClient, day: StudyDay) -> None:
    place(seats(day, an_attendee(3)))
    nobody = db.session.scalars(sa.select(Registration).order_by(Registration.id.desc())).first()
    assert nobody is not None
    nobody.email = ""
    db.session.commit()
    office.post(f"{MESSAGES}nouveau/", data=form(day))

    page = office.get(address(written())).text

    assert "2 personnes" in page
    assert "Une personne n’a pas laissé d’adresse" in page
    assert "part à tous" not in page


def test_accountants_look_and_send_nothing(client: FlaskClient, day: StudyDay) -> None:
    mailing = make_mailing(to_day(day))
    sign_in(client, make_user(RoleName.ACCOUNTANT))

    page = client.get(address(mailing)).text

    assert "M’envoyer un essai" not in page
    assert "Envoyer…" not in page
    assert client.post(address(mailing, "envoyer"), data={"expected": "2", "version": "1"}).status_code == 403
    assert db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "mailings/message")).all() == []


def test_the_list_says_placeholders_in_words(office: FlaskClient, day: StudyDay) -> None:
    make_mailing(to_day(day), subject="À {ville}, {date}")

    page = office.get(MESSAGES).text

    assert "À [la ville], [sa date, en toutes lettres]" in page
    assert "{ville}" not in page


def test_the_days_to_choose_begin_with_the_next_to_come(office: FlaskClient) -> None:
    for name, days in (("Loin", 90), ("Bientôt", 20), ("Hier", -1), ("Naguère", -9)):
        make_study_day(city=make_city(name), starts_at=NOW + timedelta(days=days))

    page = office.get(f"{MESSAGES}nouveau/").text

    places = [page.index(f"{name}, ") for name in ("Bientôt", "Loin", "Hier", "Naguère")]
    assert places == sorted(places)
