"""Writing a comment under an article, and reporting one."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Comment, CommentBan, CommentReport
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import Access, ArticleKind, CommentStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import make_open_day, seats_of
from tests.support.makers.magazine import make_article, make_comment, set_terms
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, sign_in_subscriber
from tests.support.pages import Page
from tests.support.patience import opened

pytestmark = pytest.mark.usefixtures("frozen")

TYPED = {"author_name": "  Dominique   Lecteur ", "body": "Bien dit.\r\n\r\nMerci."}


@pytest.fixture
def subscriber(client: FlaskClient) -> FlaskClient:
    """A browser in which somebody who subscribes is signed in."""
    sign_in_subscriber(client)
    return client


def test_a_comment_is_held_and_its_author_is_told(subscriber: FlaskClient) -> None:
    make_article(slug="angers")

    answer = subscriber.post(
        "/articles/angers/commenter/",
        data=TYPED | {"started": opened(subscriber.application)},
        follow_redirects=True,
    )

    assert answer.request.path == "/articles/angers/commenter/merci/"
    assert "En attente de relecture" in answer.text
    (comment,) = db.session.query(Comment)
    assert (comment.author_name, comment.author_email, comment.body, comment.status) == (
        "Dominique Lecteur",
        "d@exemple.fr",
        "Bien dit.\n\nMerci.",
        CommentStatus.PENDING,
    )
    assert "Bien dit." not in subscriber.application.test_client().get("/articles/angers/").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("author_name", "", "Indiquez le nom"),
        ("author_name", "x" * 81, "80 caractères"),
        ("body", " \n ", "Écrivez votre commentaire."),
        ("body", "x" * 3001, "3000 caractères"),
        ("body", "a\x00b", "invisibles"),
        ("author_name", "\u202egnp.exe", "invisibles"),
        ("author_name", "d@exemple.fr", "Indiquez un nom, et non une adresse"),
        ("author_name", "Dominique (d\uff20exemple.fr)", "Indiquez un nom, et non une adresse"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    subscriber: FlaskClient, field: str, value: str, said: str
) -> None:
    make_article(slug="angers")
    typed = TYPED | {"started": opened(subscriber.application)} | {field: value}

    answer = subscriber.post("/articles/angers/commenter/", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="{field}-error"' in answer.text
    kept = Page(answer.text).fields
    for other in {"author_name", "body"} - {field}:
        assert kept[other].split() == TYPED[other].split()
    assert db.session.query(Comment).count() == 0


@pytest.mark.parametrize(
    ("first_name", "last_name", "proposed"),
    [("", "", ""), ("sans-nom@exemple.fr", "", ""), ("Claude", "Laurent", "Claude Laurent")],
)
def test_a_name_is_proposed_to_who_is_signed_in_and_never_their_address(
    client: FlaskClient, first_name: str, last_name: str, proposed: str
) -> None:
    make_article(slug="angers")
    person = make_user(email="sans-nom@exemple.fr")
    person.first_name, person.last_name = first_name, last_name
    db.session.commit()
    make_contract(person.email)
    sign_in(client, person)

    form = client.get("/articles/angers/commenter/")
    assert Page(form.text).fields["author_name"] == proposed

    if not proposed:
        empty = client.post(
            "/articles/angers/commenter/", data=TYPED | {"author_name": "", "started": opened(client.application)}
        )
        assert (empty.status_code, db.session.query(Comment).count()) == (422, 0)
        assert "Indiquez le nom sous lequel" in empty.text


def test_a_sixth_comment_within_ten_minutes_is_refused(subscriber: FlaskClient) -> None:
    make_article(slug="angers")
    typed = TYPED | {"started": opened(subscriber.application)}

    statuses = [subscriber.post("/articles/angers/commenter/", data=typed).status_code for _time in range(6)]

    assert statuses == [303] * 5 + [429]
    assert db.session.query(Comment).count() == 5


def test_without_the_token_of_the_page_nothing_is_written(subscriber: FlaskClient) -> None:
    subscriber.application.config["WTF_CSRF_ENABLED"] = True
    make_article(slug="angers")

    answer = subscriber.post("/articles/angers/commenter/", data=TYPED | {"started": opened(subscriber.application)})

    assert answer.status_code == 400
    assert db.session.query(Comment).count() == 0


def test_the_pages_of_the_form_are_one_persons(subscriber: FlaskClient) -> None:
    make_article(slug="angers")

    for address in ("/articles/angers/commenter/", "/articles/angers/commenter/merci/"):
        answer = subscriber.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "X-Page-Cache" not in answer.headers


def test_only_those_who_may_read_an_article_comment_on_it(client: FlaskClient) -> None:
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    typed = TYPED | {"started": opened(client.application)}

    answer = client.post("/articles/reserve/commenter/", data=typed)
    assert (answer.status_code, answer.location) == (303, "/articles/reserve/#lire")
    assert db.session.query(Comment).count() == 0

    sign_in(client, make_user(email="lectrice@exemple.fr"))
    make_contract("lectrice@exemple.fr")
    assert client.post("/articles/reserve/commenter/", data=typed).location == "/articles/reserve/commenter/merci/"
    assert db.session.query(Comment).count() == 1


def test_a_comment_on_an_article_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/articles/inconnu/commenter/").status_code == 404
    assert client.post("/articles/inconnu/commenter/", data=TYPED).status_code == 404


def test_anybody_can_report_a_comment_and_it_stays_for_the_moderators_to_decide(client: FlaskClient) -> None:
    comment = make_comment(make_article(slug="angers"), body="Des mots durs.", status=CommentStatus.PUBLISHED)
    address = f"/articles/angers/commentaires/{comment.id}/signaler/"
    assert f'href="{address}"' in client.get("/articles/angers/").text
    assert "Des mots durs." in client.get(address).text

    answer = client.post(
        address,
        data={"reason": "Ces propos visent une personne.", "email": "", "started": opened(client.application)},
        follow_redirects=True,
    )

    assert "Signalement reçu" in answer.text
    (report,) = db.session.query(CommentReport)
    assert (report.comment_id, report.reason, report.email, report.handled_at) == (
        comment.id,
        "Ces propos visent une personne.",
        "",
        None,
    )
    assert "Des mots durs." in client.get("/articles/angers/").text


def test_a_report_needs_a_reason(client: FlaskClient) -> None:
    comment = make_comment(make_article(slug="angers"), status=CommentStatus.PUBLISHED)

    answer = client.post(
        f"/articles/angers/commentaires/{comment.id}/signaler/",
        data={"reason": "", "email": "x", "started": opened(client.application)},
    )

    assert answer.status_code == 422
    assert "Dites ce qui ne va pas" in answer.text
    assert db.session.query(CommentReport).count() == 0


def test_a_comment_that_readers_do_not_see_cannot_be_reported(client: FlaskClient) -> None:
    article = make_article(slug="angers")
    elsewhere = make_comment(make_article(), status=CommentStatus.PUBLISHED)

    for comment in (make_comment(article), elsewhere):
        assert client.get(f"/articles/angers/commentaires/{comment.id}/signaler/").status_code == 404


# Closed, and banned


def test_after_its_time_an_article_takes_no_more_comments_and_shows_those_it_has(subscriber: FlaskClient) -> None:
    article = make_article(slug="angers", published_at=NOW - timedelta(days=90))
    make_comment(article, status=CommentStatus.PUBLISHED, body="Bien dit.")

    page = subscriber.get("/articles/angers/").text
    form = subscriber.get("/articles/angers/commenter/")
    sent = subscriber.post("/articles/angers/commenter/", data=TYPED | {"started": opened(subscriber.application)})

    assert "Bien dit." in page
    assert "Les commentaires de cet article sont clos." in page
    assert "/commenter/" not in page
    assert (form.status_code, form.location) == (303, "/articles/angers/#comments")
    assert sent.status_code == 303
    assert db.session.query(Comment).count() == 1


def test_an_article_takes_comments_to_the_last_minute_or_always(subscriber: FlaskClient) -> None:
    make_article(slug="angers", published_at=NOW - timedelta(days=90) + timedelta(minutes=1))
    make_article(slug="vieux", published_at=NOW - timedelta(days=4000))

    assert subscriber.get("/articles/angers/commenter/").status_code == 200
    assert subscriber.get("/articles/vieux/commenter/").status_code == 303
    set_terms(comments_days=0)
    assert subscriber.get("/articles/vieux/commenter/").status_code == 200


def test_who_is_banned_is_told_why_and_nothing_is_kept(subscriber: FlaskClient) -> None:
    article = make_article(slug="angers")
    moderator = make_user(RoleName.EDITOR)
    comment = make_comment(article, author_email="d@exemple.fr")
    with unit_of_work.transaction():
        found = newsroom.comment(comment.id)
        assert found is not None
        service.ban_commenter(found, reason="Injures répétées.", actor=moderator, now=NOW)

    answer = subscriber.post("/articles/angers/commenter/", data=TYPED | {"started": opened(subscriber.application)})
    neighbour = subscriber.application.test_client()
    sign_in_subscriber(neighbour, "autre@exemple.fr")
    other = neighbour.post("/articles/angers/commenter/", data=TYPED | {"started": opened(subscriber.application)})

    assert answer.status_code == 403
    assert "Injures répétées." in answer.text
    assert "Bien dit." in answer.text
    assert other.status_code == 303
    assert {each.author_email for each in db.session.query(Comment).filter_by(status=CommentStatus.PENDING)} == {
        "autre@exemple.fr"
    }


def _write(client: FlaskClient, *, answers: int | None = None, at: str = "/articles/angers/", **typed: str) -> Comment:
    address = f"{at}commenter/" + (f"?reponse={answers}" if answers else "")
    answer = client.post(address, data=TYPED | {"started": opened(client.application)} | typed)
    assert answer.status_code == 303, answer.text
    said: Comment = db.session.query(Comment).order_by(Comment.id.desc()).first()  # type: ignore[assignment]
    return said


def _edit(client: FlaskClient, said: Comment, body: str = "Mieux dit.") -> TestResponse:
    return client.post(f"/articles/angers/commentaires/{said.id}/modifier/", data={"body": body})


def test_the_author_mends_a_comment_for_a_quarter_of_an_hour_and_nobody_else(subscriber: FlaskClient) -> None:
    make_article(slug="angers")
    said = _write(subscriber)
    held = subscriber.get("/articles/angers/commenter/merci/").text
    assert f"/articles/angers/commentaires/{said.id}/modifier/" in held

    assert _edit(subscriber.application.test_client(), said).status_code == 404
    assert _edit(subscriber, said, "").status_code == 422
    assert _edit(subscriber, said).status_code == 303
    db.session.refresh(said)
    assert (said.body, said.edited_at) == ("Mieux dit.", NOW)
    said.status = CommentStatus.PUBLISHED
    db.session.commit()
    assert ">modifié<" in subscriber.get("/articles/angers/").text

    # What the moderators let pass is not changed behind their backs.
    _edit(subscriber, said, "Autre chose.")
    db.session.refresh(said)
    assert said.status is CommentStatus.PENDING
    with time_machine.travel(NOW + timedelta(minutes=15)):
        late = _edit(subscriber, said)
        assert (late.status_code, "ne se modifie plus" in late.text) == (409, True)
        assert "modifier/" not in subscriber.get("/articles/angers/commenter/merci/").text


def test_the_author_finds_it_under_the_article_to_mend_and_nobody_else_does(subscriber: FlaskClient) -> None:
    make_article(slug="angers")
    said = _write(subscriber)
    mends = f"/articles/angers/commentaires/{said.id}/modifier/"

    own = subscriber.get("/articles/angers/").text
    assert "Votre commentaire attend d’être relu" in own
    assert "Rédigez le premier commentaire" not in own
    assert mends in own
    assert mends not in subscriber.application.test_client().get("/articles/angers/").text
    said.status = CommentStatus.PUBLISHED
    db.session.commit()
    assert subscriber.get("/articles/angers/").text.count(mends) == 1
    assert mends not in subscriber.application.test_client().get("/articles/angers/").text
    with time_machine.travel(NOW + timedelta(minutes=15)):
        assert mends not in subscriber.get("/articles/angers/").text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("d.lecteur@exemple.fr", "Un lecteur"),
        ("Dominique (d@exemple.fr)", "Dominique"),
        ("D\uff20exemple.fr", "Un lecteur"),
    ],
)
def test_an_address_kept_as_a_name_is_not_shown(client: FlaskClient, name: str, shown: str) -> None:
    make_comment(make_article(slug="angers"), author_name=name, status=CommentStatus.PUBLISHED)

    page = client.get("/articles/angers/").text

    assert f"<strong>{shown}</strong>" in page
    assert "exemple.fr" not in page.partition('id="comments"')[2]


def test_an_answer_stands_under_what_it_answers_one_level_deep(subscriber: FlaskClient) -> None:
    article = make_article(slug="angers")
    first = make_comment(article, status=CommentStatus.PUBLISHED, body="Le premier.")
    pending = make_comment(article)
    form = subscriber.get(f"/articles/angers/commenter/?reponse={first.id}").text
    assert "Répondre à Dominique Lecteur" in form
    assert "Le premier." in form

    answer = _write(subscriber, answers=first.id, body="Je réponds.")
    answer.status = CommentStatus.PUBLISHED
    db.session.commit()
    deeper = _write(subscriber, answers=answer.id, body="Moi aussi.")

    assert (answer.parent_id, deeper.parent_id) == (first.id, first.id)
    for unknown in (str(pending.id), "999999", "x"):
        assert subscriber.get(f"/articles/angers/commenter/?reponse={unknown}").status_code == 404
    make_article(slug="autre")
    assert subscriber.get(f"/articles/autre/commenter/?reponse={first.id}").status_code == 404
    first.status = CommentStatus.REJECTED
    db.session.commit()
    shown = subscriber.get("/articles/angers/").text
    assert "Ce commentaire a été retiré." in shown
    assert "Le premier." not in shown
    assert "Je réponds." in shown
    assert "1 commentaire" in shown


def test_after_two_that_were_let_pass_comments_of_who_is_signed_in_appear_at_once(client: FlaskClient) -> None:
    (seat,) = seats_of(day := make_open_day())
    make_article(slug="angers", kind=ArticleKind.REPORT, study_day_id=day.id)
    seat.email = "lectrice@exemple.fr"
    db.session.commit()
    person = sign_in_subscriber(client, "lectrice@exemple.fr")
    held = [_write(client, author_email="autre@exemple.fr") for _time in range(2)]
    assert {(said.status, said.author_email, said.user_id) for said in held} == {
        (CommentStatus.PENDING, "lectrice@exemple.fr", person.id)
    }
    for said in held:
        said.status = CommentStatus.PUBLISHED
    db.session.commit()

    assert _write(client).status is CommentStatus.PUBLISHED
    assert "Votre commentaire est publié" in client.get("/articles/angers/commenter/merci/").text
    # Whoever has the link of a seat is not signed in: it may have been passed on.
    elsewhere = client.application.test_client()
    by_link = _write(elsewhere, at=f"/inscriptions/{seat.secret}/comptes-rendus/angers/")
    assert (by_link.status, by_link.author_email, by_link.user_id) == (
        CommentStatus.PENDING,
        "lectrice@exemple.fr",
        None,
    )


def test_a_ban_covers_writing_answering_and_mending(subscriber: FlaskClient) -> None:
    article = make_article(slug="angers")
    first = make_comment(article, status=CommentStatus.PUBLISHED)
    said = _write(subscriber)
    db.session.add(CommentBan(email="d@exemple.fr", name="Dominique Lecteur", reason="Injures", at=NOW))
    db.session.commit()

    for address in ("/articles/angers/commenter/", f"/articles/angers/commenter/?reponse={first.id}"):
        refused = subscriber.post(address, data=TYPED | {"started": opened(subscriber.application)})
        assert (refused.status_code, "Injures" in refused.text) == (403, True)
    assert _edit(subscriber, said).status_code == 403
    db.session.refresh(said)
    assert said.body == "Bien dit.\n\nMerci."
