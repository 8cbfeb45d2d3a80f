"""Who may comment: subscribers and who attends study days; what the others read instead."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Comment
from eventsapp.magazine.statuses import Access, ArticleKind, CommentStatus
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import make_open_day, seats_of
from tests.support.makers.magazine import make_article, make_comment
from tests.support.makers.readers import BUYER, joined, make_institution, readership
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.patience import opened

pytestmark = pytest.mark.usefixtures("frozen")

TYPED = {"author_name": "Dominique Lecteur", "body": "Bien dit."}
REFUSED = "Les commentaires sont ouverts aux abonnés et aux participants des journées."


def _comments(client: FlaskClient, at: str = "/articles/angers/") -> tuple[bool, int, int]:
    """Return whether the page offers the form, and how the server answers who asks for it and who sends it."""
    page = client.get(at).text
    offered = f'href="{at}commenter/"' in page
    assert (REFUSED in page) is not offered
    asked = client.get(f"{at}commenter/")
    sent = client.post(f"{at}commenter/", data=TYPED | {"started": opened(client.application)})
    for answer in (asked, sent):
        assert (REFUSED in answer.text) is (answer.status_code == 403)
    return offered, asked.status_code, sent.status_code


MAY, MAY_NOT = (True, 200, 303), (False, 403, 403)


def test_who_is_neither_subscriber_nor_attendee_reads_who_may_comment_and_nothing_is_kept(client: FlaskClient) -> None:
    first = make_comment(make_article(slug="angers"), status=CommentStatus.PUBLISHED)

    assert _comments(client) == MAY_NOT
    page = client.get("/articles/angers/").text.partition('id="comments"')[2]
    assert 'href="/compte/connexion/?next=/articles/angers/"' in page
    assert 'href="/abonnements/"' in page
    assert ("Répondre" in page, "Rédigez le premier" in page, "Signaler ce commentaire" in page) == (False, False, True)
    assert client.get(f"/articles/angers/commenter/?reponse={first.id}").status_code == 403

    make_contract("ancienne@exemple.fr", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    sign_in(client, make_user(email="ancienne@exemple.fr"))
    assert _comments(client) == MAY_NOT
    assert "/compte/connexion/" not in client.get("/articles/angers/").text.partition('id="comments"')[2]
    assert "Comments are open to subscribers" in client.get("/en/articles/angers/commenter/").text
    assert db.session.query(Comment).all() == [first]


@pytest.mark.parametrize("role", RoleName)
def test_the_team_comments(client: FlaskClient, role: RoleName) -> None:
    make_article(slug="angers")
    sign_in(client, make_user(role))

    assert _comments(client) == MAY


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (ContractStatus.ACTIVE, MAY),
        (ContractStatus.PENDING, MAY_NOT),
        (ContractStatus.CANCELLED, MAY_NOT),
        (ContractStatus.EXPIRED, MAY_NOT),
    ],
)
def test_a_subscriber_comments_while_the_subscription_runs(
    client: FlaskClient, status: ContractStatus, found: tuple[bool, int, int]
) -> None:
    make_article(slug="angers")
    make_contract("lectrice@exemple.fr", status=status)
    sign_in(client, make_user(email="lectrice@exemple.fr"))

    assert _comments(client) == found


def test_who_has_a_seat_of_an_institution_comments_until_it_is_taken_away(client: FlaskClient) -> None:
    make_article(slug="angers")
    reads = make_user(email="lecteur@mairie.fr")
    contract = make_institution()
    (member,) = joined(contract, reads.email)
    sign_in(client, reads)
    assert _comments(client) == MAY

    with unit_of_work.transaction():
        subscriptions.remove(readership(contract), member.id, by=BUYER, now=NOW)

    assert _comments(client) == MAY_NOT


@pytest.mark.parametrize("status", RegistrationStatus)
def test_who_has_or_had_a_confirmed_seat_at_any_day_comments_signed_in_with_its_address(
    client: FlaskClient, status: RegistrationStatus
) -> None:
    make_article(slug="angers")
    (seat,) = seats_of(make_open_day())
    seat.status = status
    db.session.commit()
    sign_in(client, make_user(email=seat.email.upper()))

    assert _comments(client) == (MAY if status in CONFIRMED else MAY_NOT)


@pytest.mark.parametrize("access", Access)
def test_the_link_of_a_seat_opens_the_comments_of_the_report_of_its_day(client: FlaskClient, access: Access) -> None:
    (seat,) = seats_of(day := make_open_day())
    article = make_article(slug="angers", kind=ArticleKind.REPORT, access=access, study_day_id=day.id)
    first = make_comment(article, status=CommentStatus.PUBLISHED)
    at = f"/inscriptions/{seat.secret}/comptes-rendus/angers/"
    assert f"{at}commenter/?reponse={first.id}" in client.get(at).text

    assert _comments(client, at) == MAY

    said = db.session.query(Comment).order_by(Comment.id.desc()).first()
    assert said is not None
    assert (said.author_email, said.user_id, said.status) == (seat.email, None, CommentStatus.PENDING)
    mends = f"{at}commentaires/{said.id}/modifier/"
    for page in (at, f"{at}commenter/merci/"):
        assert f'href="{mends}"' in client.get(page).text
    assert client.post(mends, data={"body": "Mieux dit."}).location == f"{at}commenter/merci/"
    report = client.post(
        f"{at}commentaires/{first.id}/signaler/", data={"reason": "Faux.", "started": opened(client.application)}
    )
    assert report.location == f"{at}commentaires/merci/"
    assert client.get(report.location).headers["Cache-Control"] == "private, no-store"
    # What others read is not told the secret.
    assert seat.secret not in client.application.test_client().get("/articles/angers/").text


def test_the_link_of_a_seat_opens_no_comments_elsewhere_nor_once_it_is_cancelled(client: FlaskClient) -> None:
    (seat,) = seats_of(day := make_open_day())
    make_article(slug="angers", kind=ArticleKind.REPORT, study_day_id=day.id)
    make_article(slug="autre", kind=ArticleKind.REPORT, study_day_id=make_study_day().id)
    at = f"/inscriptions/{seat.secret}/comptes-rendus"
    assert _comments(client, f"{at}/autre/") == MAY_NOT
    assert client.get("/inscriptions/inconnu/comptes-rendus/angers/commenter/").status_code == 404

    address, seat.email = seat.email, ""
    db.session.commit()
    assert _comments(client, f"{at}/angers/") == MAY_NOT

    seat.status, seat.email = RegistrationStatus.CANCELLED, address
    db.session.commit()
    assert _comments(client, f"{at}/angers/") == MAY_NOT
    assert db.session.query(Comment).count() == 0


def test_who_spoke_at_the_day_comments_under_its_report_alone(client: FlaskClient) -> None:
    day = make_study_day()
    make_session(day, speakers=[make_speaker(email="oratrice@exemple.fr")])
    make_article(slug="angers", study_day_id=day.id)
    make_article(slug="autre")
    sign_in(client, make_user(email="oratrice@exemple.fr"))

    assert _comments(client) == MAY
    assert _comments(client, "/articles/autre/") == MAY_NOT


def test_a_gift_opens_the_text_and_not_its_comments(client: FlaskClient) -> None:
    article = make_article(slug="angers", access=Access.SUBSCRIBERS)
    gift = service.give_article(article, giver=make_user(), now=NOW)
    db.session.commit()

    page = client.get(f"/articles/angers/lire/{gift.secret}/").text

    assert (REFUSED in page, "commenter/" in page) == (True, False)
