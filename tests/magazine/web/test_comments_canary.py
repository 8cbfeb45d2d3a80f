"""A comment that nobody has read yet leaves by no door: every public address is walked for its words."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Comment
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.mail.models import OutgoingMail
from eventsapp.search import service as search
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import (
    make_comment,
)
from tests.support.makers.subscriptions import sign_in_subscriber
from tests.support.reserved_walk import Scene, leaks, make_scene

#: Words of a comment that waits, and who signed it.
HELD, HELD_NAME = "chuchoter avant relecture", "Dominique Impatient"


@pytest.fixture
def scene(app: Flask, client: FlaskClient) -> Scene:
    return make_scene(app)


def nobody(client: FlaskClient, scene: Scene) -> None:
    """Somebody without an account."""


def held(scene: Scene) -> Comment:
    """Put a comment that nobody has read yet under the free report and under the reserved one; return the latter."""
    free = db.session.scalars(sa.select(Article).where(Article.slug == "voisin")).one()
    make_comment(free, author_name=HELD_NAME, body=f"Ici, {HELD}.")
    return make_comment(db.session.get_one(Article, scene.article_id), author_name=HELD_NAME, body=f"Là, {HELD}.")


def subscriber(client: FlaskClient, scene: Scene) -> None:
    """Somebody who reads everything."""
    sign_in_subscriber(client)


@pytest.mark.parametrize("visitor", [nobody, subscriber])
def test_a_comment_that_waits_is_nowhere_but_in_the_office(
    client: FlaskClient, scene: Scene, visitor: Callable[[FlaskClient, Scene], None]
) -> None:
    said = held(scene)
    search.rebuild()
    db.session.commit()
    visitor(client, scene)
    asked = [
        *scene.addresses,
        "/recherche/?q=chuchoter",
        f"/articles/reserve/commenter/?reponse={said.id}",
        *(f"/articles/reserve/commentaires/{said.id}/{rest}/" for rest in ("signaler", "modifier")),
    ]

    assert leaks(client, asked, HELD, HELD_NAME) == set()
    for mail in db.session.query(OutgoingMail):
        assert HELD not in f"{mail.subject} {mail.text} {mail.html}"

    # The office has it, and the walk hears it once it is let pass.
    editor = client.application.test_client()
    sign_in(editor, make_user(RoleName.EDITOR))
    assert HELD in editor.get("/organisation/commentaires/").text
    for comment in db.session.query(Comment):
        comment.status = CommentStatus.PUBLISHED
    db.session.commit()
    free = {"/articles/voisin/", "/en/articles/voisin/"}
    reserved = {"/articles/reserve/"}
    assert leaks(client, [*free, *reserved], HELD) == (free | reserved if visitor is subscriber else free)
