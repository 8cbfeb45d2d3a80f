"""What somebody types before it is saved, and who has an article open."""

from datetime import timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.magazine import rules, service
from eventsapp.magazine.models import Article, Autosave, Revision
from eventsapp.magazine.queries import revisions
from eventsapp.magazine.values import WORDS
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


def words(article: Article, **changes: str) -> dict[str, str]:
    return {name: getattr(article, name) for name in WORDS} | changes


def keep(article: Article, user: User, **changes: str) -> bool:
    return service.autosave(article, words=words(article, **changes), version=1, user=user, now=SOON)


def test_what_is_typed_is_kept_for_who_typed_it_and_is_no_revision(editor: User) -> None:
    article, other = make_article(), make_user(RoleName.ORGANISER)

    assert keep(article, editor, body="Tapé.")
    assert keep(article, editor, body="Tapé plus loin.")

    found = revisions.autosaved(article.id, editor.id)
    assert found is not None
    assert (found.body, found.title, found.at, found.version) == ("Tapé plus loin.", article.title, SOON, 1)
    assert revisions.autosaved(article.id, other.id) is None
    assert db.session.query(Revision).count() == 0
    assert article.body != "Tapé plus loin."


def test_what_says_the_same_as_the_article_is_not_kept(editor: User) -> None:
    article = make_article()
    keep(article, editor, body="Tapé.")

    assert not keep(article, editor)

    assert db.session.query(Autosave).count() == 0


def test_it_is_thrown_away_for_one_person_only(editor: User) -> None:
    article, other = make_article(), make_user(RoleName.ORGANISER)
    keep(article, editor, body="Le mien.")
    keep(article, other, body="Le sien.")

    service.discard_autosave(article, user=editor)

    assert [row.user_id for row in db.session.query(Autosave)] == [other.id]


def test_somebody_is_there_for_the_others_since_they_came_and_until_they_are_silent(editor: User) -> None:
    article, other = make_article(), make_user(RoleName.ORGANISER)
    service.be_present(article, user=editor, now=NOW)
    service.be_present(article, user=editor, now=SOON)

    def seen(user: User, now: object) -> list[tuple[str, object]]:
        return [(each.user.name, each.since) for each in revisions.at_work(article.id, but=user.id, now=now)]  # type: ignore[arg-type]

    assert seen(other, SOON) == [(editor.name, NOW)]
    assert seen(editor, SOON) == []
    assert seen(other, SOON + rules.PRESENT_FOR) == []

    back = SOON + timedelta(hours=1)
    service.be_present(article, user=editor, now=back)
    db.session.expire_all()
    assert seen(other, back) == [(editor.name, back)]
