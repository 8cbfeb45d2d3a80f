"""The moderators' queue."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.magazine.models import CommentBan, CommentReport
from eventsapp.magazine.statuses import CommentStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_comment
from tests.support.makers.study_days import NOW
from tests.support.queries import QueryCount


def test_the_queue_shows_what_waits_the_oldest_first_and_literally(editor: FlaskClient) -> None:
    article = make_article(title="Angers")
    make_comment(article, body="Le second <b>gras</b>", created_at=NOW)
    make_comment(article, body="Le premier", created_at=NOW - timedelta(days=1))
    make_comment(article, body="Déjà paru", status=CommentStatus.PUBLISHED)

    page = editor.get("/organisation/commentaires/").text

    assert page.index("Le premier") < page.index("Le second &lt;b&gt;gras&lt;/b&gt;")
    assert "Déjà paru" not in page
    assert "Déjà paru" in editor.get("/organisation/commentaires/?etat=publies").text


def test_a_comment_is_published_and_the_queue_comes_back(editor: FlaskClient) -> None:
    comment = make_comment(make_article(slug="angers"), body="Bien dit.")

    answer = editor.post(
        f"/organisation/commentaires/{comment.id}/publier/",
        data={"back": "/organisation/commentaires/?etat=a-relire"},
    )

    assert (answer.status_code, answer.location) == (303, "/organisation/commentaires/?etat=a-relire")
    assert "Bien dit." in editor.get("/articles/angers/").text


def test_a_comment_is_refused_with_its_reason(editor: FlaskClient) -> None:
    comment = make_comment(make_article(slug="angers"), status=CommentStatus.PUBLISHED)

    editor.post(f"/organisation/commentaires/{comment.id}/refuser/", data={"reason": "Publicité."})

    assert (comment.status, comment.reason) == (CommentStatus.REJECTED, "Publicité.")
    assert "Publicité." in editor.get("/organisation/commentaires/?etat=refuses").text


def test_a_reason_that_is_too_long_changes_nothing(editor: FlaskClient) -> None:
    comment = make_comment(make_article())

    answer = editor.post(
        f"/organisation/commentaires/{comment.id}/refuser/", data={"reason": "x" * 301}, follow_redirects=True
    )

    assert "rien n’a changé" in answer.text
    assert comment.status is CommentStatus.PENDING


@pytest.mark.parametrize("target", ["https://mauvais.test/", "//mauvais.test", "/\\mauvais.test", "javascript:x"])
def test_the_queue_leads_nowhere_else(editor: FlaskClient, target: str) -> None:
    comment = make_comment(make_article())

    answer = editor.post(f"/organisation/commentaires/{comment.id}/publier/", data={"back": target})

    assert answer.location == "/organisation/commentaires/"


def test_what_readers_report_has_a_tab_until_it_is_decided(editor: FlaskClient) -> None:
    comment = make_comment(make_article(), body="Des mots durs.", status=CommentStatus.PUBLISHED)
    db.session.add(CommentReport(comment_id=comment.id, at=NOW, reason="Vise une <i>personne</i>."))
    db.session.commit()

    page = editor.get("/organisation/commentaires/?etat=signales").text
    assert "Des mots durs." in page
    assert "Vise une &lt;i&gt;personne&lt;/i&gt;." in page
    assert "Laisser publié" in page

    editor.post(f"/organisation/commentaires/{comment.id}/publier/")
    assert "Des mots durs." not in editor.get("/organisation/commentaires/?etat=signales").text


@pytest.mark.parametrize("rows", [3, 19])
def test_the_queue_asks_the_same_whatever_the_number_of_rows(
    editor: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    for _number in range(rows):
        comment = make_comment(make_article())
        db.session.add(CommentReport(comment_id=comment.id, at=NOW, reason="Voyez."))
    db.session.commit()

    with count_queries as count:
        assert editor.get("/organisation/commentaires/").status_code == 200

    # Who asks, the rows, the counts of the tabs, the reports.
    assert count() == 5


@pytest.mark.parametrize("verb", ["publier", "refuser"])
def test_moderating_is_for_moderators(client: FlaskClient, verb: str) -> None:
    comment = make_comment(make_article())
    sign_in(client, make_user(RoleName.ORGANISER))

    assert client.post(f"/organisation/commentaires/{comment.id}/{verb}/").status_code == 403
    assert comment.status is CommentStatus.PENDING


@pytest.mark.parametrize("verb", ["publier", "refuser"])
def test_a_comment_that_is_not_there_is_not_found(editor: FlaskClient, verb: str) -> None:
    assert editor.post(f"/organisation/commentaires/999999/{verb}/").status_code == 404


# Bans


def test_an_author_is_banned_with_a_reason_listed_and_let_back(editor: FlaskClient) -> None:
    comment = make_comment(make_article(), author_name="Trublion", author_email="T@exemple.fr")

    banned = editor.post(
        f"/organisation/commentaires/{comment.id}/bannir/", data={"reason": "Injures."}, follow_redirects=True
    )
    (ban,) = db.session.query(CommentBan)
    listed = editor.get("/organisation/commentaires/bannis/").text

    assert "Trublion ne peut plus commenter." in banned.text
    assert (ban.email, ban.reason) == ("t@exemple.fr", "Injures.")
    assert (comment.status, comment.reason) == (CommentStatus.REJECTED, "Injures.")
    assert "t@exemple.fr" in listed
    assert "Injures." in listed
    lifted = editor.post(f"/organisation/commentaires/bannis/{ban.id}/lever/", follow_redirects=True)
    assert "Trublion peut de nouveau commenter." in lifted.text
    assert "Personne n’est banni" in lifted.text
    history = db.session.query(AuditEntry).filter(AuditEntry.action.in_(["comments.ban", "comments.unban"]))
    assert [entry.subject_label for entry in history.order_by(AuditEntry.id)] == ["Trublion", "Trublion"]


def test_a_ban_takes_a_reason_and_a_second_one_replaces_it(editor: FlaskClient) -> None:
    comment = make_comment(make_article())
    address = f"/organisation/commentaires/{comment.id}/bannir/"

    refused = editor.post(address, data={"reason": " "}, follow_redirects=True)
    too_long = editor.post(address, data={"reason": "x" * 301}, follow_redirects=True)
    assert "Écrivez le motif" in refused.text
    assert "rien n’a changé" in too_long.text
    assert (db.session.query(CommentBan).count(), comment.status) == (0, CommentStatus.PENDING)

    for reason in ("Injures.", "Publicité."):
        editor.post(address, data={"reason": reason})
    assert [ban.reason for ban in db.session.query(CommentBan)] == ["Publicité."]
