"""Comments of those whom the magazine knows: its authors and the speakers of its days."""

import html
import re

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.statuses import CommentStatus
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_comment
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import sign_in_subscriber

pytestmark = pytest.mark.usefixtures("frozen")


def test_who_spoke_that_day_or_wrote_the_article_is_told_by_the_account_alone(client: FlaskClient) -> None:
    day = make_study_day()
    speaker = make_speaker(email="oratrice@exemple.fr")
    make_session(day, speakers=[speaker])
    writer, spoke = make_user(RoleName.EDITOR, email="plume@exemple.fr"), make_user(email="Oratrice@exemple.fr")
    article = make_article(slug="angers", study_day_id=day.id, author_id=writer.id)
    shown = {"status": CommentStatus.PUBLISHED}
    make_comment(article, author_name="Orateur supposé", author_email="oratrice@exemple.fr", **shown)
    assert 'class="badge">intervenant' not in client.get("/articles/angers/").text

    make_comment(article, user_id=spoke.id, **shown)
    make_comment(article, user_id=writer.id, **shown)

    text = client.get("/articles/angers/").text
    assert (text.count('class="badge">intervenant'), text.count('class="badge">auteur')) == (1, 1)


def _signed(page: str) -> list[tuple[str, str]]:
    """Return (name, what they are) of the comments of a page."""
    found = re.findall(r'<strong>([^<]*)</strong>\s*(?:<span class="badge">([^<]*)</span>)?\s*<time', page)
    return [(html.unescape(name), badge) for name, badge in found]


def test_who_is_told_apart_stands_under_the_name_that_the_magazine_knows(client: FlaskClient) -> None:
    day = make_study_day()
    make_session(day, speakers=[make_speaker("Anne Oratrice", email="oratrice@exemple.fr")])
    writer, nameless = make_user(RoleName.EDITOR, email="plume@exemple.fr"), make_user(RoleName.EDITOR)
    spoke, reads = make_user(email="oratrice@exemple.fr"), make_user()
    writer.first_name, writer.last_name = "Paul", "Plume"
    nameless.first_name = nameless.last_name = ""
    article = make_article(slug="angers", study_day_id=day.id, author_id=writer.id)
    own = make_article(slug="autre", author_id=nameless.id)
    typed = {"author_name": "Le préfet", "status": CommentStatus.PUBLISHED}
    said = [make_comment(article, user_id=person.id, **typed) for person in (spoke, writer, reads)]
    make_comment(own, user_id=nameless.id, **typed)

    sign_in_subscriber(client)
    page = client.get("/articles/angers/").text

    assert _signed(page) == [("Anne Oratrice", "intervenant"), ("Paul Plume", "auteur"), ("Le préfet", "")]
    assert ("à Anne Oratrice" in page, "de Paul Plume" in page) == (True, True)
    answered = client.get(f"/articles/angers/commenter/?reponse={said[0].id}").text
    assert ("Répondre à Anne Oratrice" in answered, "Le préfet" in answered) == (True, False)
    reported = client.get(f"/articles/angers/commentaires/{said[0].id}/signaler/").text
    assert _signed(reported) == [("Anne Oratrice", "intervenant")]
    # No name is known: what was typed proves nothing, and the address is nobody's business.
    assert _signed(client.get("/articles/autre/").text) == [("Le préfet", "")]
    said[0].author_name = "Un autre nom"
    said[0].edited_at = NOW
    db.session.commit()
    assert _signed(client.get("/articles/angers/").text)[0] == ("Anne Oratrice", "intervenant")


def test_of_people_who_share_an_address_the_one_who_is_named_is_shown(client: FlaskClient) -> None:
    day = make_study_day()
    both = [make_speaker(name, email="mairie@exemple.fr") for name in ("Anne Oratrice", "Luc Second")]
    make_session(day, speakers=both)
    article = make_article(slug="angers", study_day_id=day.id)
    person = make_user(email="mairie@exemple.fr")
    for name in ("Luc Second", "Le préfet"):
        make_comment(article, user_id=person.id, author_name=name, status=CommentStatus.PUBLISHED)

    assert _signed(client.get("/articles/angers/").text) == [
        ("Luc Second", "intervenant"),
        ("Anne Oratrice", "intervenant"),
    ]
