"""What an article said at each save, and taking it up again."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article, Revision
from eventsapp.magazine.queries import newsroom, revisions
from eventsapp.magazine.service import _revisions
from eventsapp.magazine.values import ArticleContent
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


def draft(editor: User) -> Article:
    article = service.create_article(
        content=ArticleContent(title="Un", lead="Chapô.", body="Texte."), actor=editor, now=NOW
    )
    return again(article)


def again(article: Article) -> Article:
    db.session.commit()
    db.session.expire_all()
    whole = newsroom.article(article.id)
    assert whole is not None
    return whole


def write(article: Article, editor: User | None, **members: Any) -> Article:
    content = replace(service.content_of(article), **members)
    service.edit_article(article, content=content, version=article.version, actor=editor, now=NOW)
    return again(article)


def kept(article: Article) -> list[tuple[int, str, list[str]]]:
    page = revisions.revisions(article.id, page=1, size=1000)
    return [(each.number, each.title, each.changed) for each in page.items]


def test_every_save_of_words_is_a_revision_and_no_other(editor: User) -> None:
    article = draft(editor)

    article = write(article, editor, title="Deux", body="Autre.")
    article = write(article, editor, slug="autre-adresse")
    article = write(article, editor, title="Trois")

    assert kept(article) == [
        (4, "Trois", ["title"]),
        (2, "Deux", ["title", "body"]),
        (1, "Un", ["title", "lead", "body", "byline"]),
    ]
    last = revisions.revision(article.id, 4)
    assert last is not None
    assert (last.by_id, last.by_label, last.at) == (editor.id, editor.name, NOW)


def test_what_was_said_at_a_version_is_found(editor: User) -> None:
    article = write(write(draft(editor), editor, slug="autre"), editor, title="Trois")

    found = [revisions.revision_at(article.id, version) for version in (0, 1, 2, 3, 9)]

    assert [each and each.title for each in found] == [None, "Un", "Un", "Trois", "Trois"]


def test_taking_a_revision_up_again_is_a_revision_that_says_so(editor: User) -> None:
    article = write(draft(editor), editor, title="Deux", body="Autre.")
    first = revisions.revision(article.id, 1)
    assert first is not None

    service.restore_revision(article, first, version=article.version, actor=editor, now=NOW)

    article = again(article)
    assert (article.title, article.body, article.version) == ("Un", "Texte.", 3)
    assert [(number, title) for number, title, _changed in kept(article)] == [(3, "Un"), (2, "Deux"), (1, "Un")]
    last = revisions.revision(article.id, 3)
    assert last is not None
    assert last.restored_from == 1


def test_the_oldest_are_dropped_but_the_first_and_what_readers_had(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_revisions, "MOST_REVISIONS", 2)
    article = write(draft(editor), editor, title="Deux")
    service.publish(article, actor=None, now=NOW)
    article = again(article)
    service.withdraw(article, reason="Erreur.", actor=editor, now=NOW)
    article = again(article)
    for title in ("Cinq", "Six", "Sept"):
        article = write(article, editor, title=title)

    assert [title for _number, title, _changed in kept(article)] == ["Sept", "Six", "Deux", "Un"]


def test_the_revisions_of_an_article_go_with_it(editor: User) -> None:
    article = draft(editor)

    db.session.execute(sa.delete(Article).where(Article.id == article.id))

    assert db.session.query(Revision).count() == 0
