"""What readers are told of a text that was withdrawn, whatever becomes of it in the newsroom."""

from dataclasses import replace
from datetime import timedelta

from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import ArticleContent
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW


def test_a_withdrawn_article_that_is_rewritten_stays_gone_until_it_appears_again(client: FlaskClient) -> None:
    made = service.create_article(
        content=ArticleContent(title="Comme paru", slug="comme-paru", lead="Chapô.", body="Cinq territoires."),
        actor=None,
        now=NOW,
    )
    editor = make_user(RoleName.EDITOR)
    service.publish(made, actor=editor, now=NOW)
    service.withdraw(made, reason="Une donnée était fausse.", actor=editor, now=NOW + timedelta(days=1))
    service.reopen(made, actor=editor, now=NOW + timedelta(days=9))
    db.session.commit()
    draft = newsroom.article(made.id)
    assert draft is not None
    service.edit_article(
        draft,
        content=replace(service.content_of(draft), title="Réécrit", slug="reecrit"),
        version=draft.version,
        actor=editor,
        now=NOW + timedelta(days=9),
    )
    db.session.commit()

    pages = [
        client.get(f"/{address}")
        for address in ("articles/comme-paru/", "articles/comme-paru.pdf", "articles/reecrit/", "en/articles/reecrit/")
    ]
    feed = client.get("/articles/flux.atom").text

    assert {page.status_code for page in pages} == {410}
    for page in pages:
        assert "Une donnée était fausse." in page.text
        assert "Comme paru" in page.text
        assert 'datetime="2026-11-24' in page.text
        assert "Réécrit" not in page.text
    assert 'deleted-entry ref="tag:localhost,2026:article-' in feed
    assert 'when="2026-11-24' in feed

    service.publish(db.session.get_one(Article, made.id), actor=editor, now=NOW + timedelta(days=10))
    db.session.commit()
    assert client.get("/articles/reecrit/").status_code == 200
    assert client.get("/articles/comme-paru/").status_code == 301
    assert "deleted-entry" not in client.get("/articles/flux.atom").text
