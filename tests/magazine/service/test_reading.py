"""Terms of reading, articles given, and texts that open to everybody."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.magazine import queries, service
from eventsapp.magazine.errors import NoGiftLeft
from eventsapp.magazine.models import ArticleGift
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.magazine.values import Terms
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, set_terms
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def test_the_terms_are_changed_and_the_change_is_told() -> None:
    editor = make_user(RoleName.EDITOR)

    for _again in range(2):
        service.set_reading_terms(
            Terms(free_paragraphs=2, opens_after_months=6, gifts_a_month=3), actor=editor, now=NOW
        )
        db.session.commit()

    terms = queries.reading_terms()
    assert (terms.free_paragraphs, terms.opens_after_months, terms.gifts_a_month) == (2, 6, 3)
    (entry,) = audit.history_of("reading_terms", terms.id)
    assert entry.changes == {"free_paragraphs": [0, 2], "opens_after_months": [0, 6], "gifts_a_month": [5, 3]}


def test_giving_twice_finds_the_link_that_lives() -> None:
    giver, article = make_user(), make_article(access=Access.SUBSCRIBERS)

    first = service.give_article(article, giver=giver, now=NOW)
    second = service.give_article(article, giver=giver, now=NOW + timedelta(days=29))

    assert first is second
    assert first.until == NOW + timedelta(days=30)
    assert service.give_article(article, giver=giver, now=NOW + timedelta(days=30)) is not first


def test_one_gives_as_many_articles_a_month_as_the_terms_say_revoked_ones_included() -> None:
    set_terms(gifts_a_month=2)
    giver = make_user()
    articles = [make_article(access=Access.SUBSCRIBERS) for _number in range(3)]
    service.revoke_gift(service.give_article(articles[0], giver=giver, now=NOW), now=NOW)
    service.give_article(articles[1], giver=giver, now=NOW)

    with pytest.raises(NoGiftLeft, match="Vous avez offert 2 articles ce mois-ci"):
        service.give_article(articles[2], giver=giver, now=NOW)
    assert service.give_article(articles[2], giver=make_user(), now=NOW).id
    next_month = datetime(2026, 11, 30, 23, tzinfo=UTC)  # Midnight where the magazine is made.
    with pytest.raises(NoGiftLeft):
        service.give_article(articles[2], giver=giver, now=next_month - timedelta(seconds=1))
    assert service.give_article(articles[2], giver=giver, now=next_month).id


def test_revoking_twice_keeps_the_first_moment() -> None:
    gift = service.give_article(make_article(access=Access.SUBSCRIBERS), giver=make_user(), now=NOW)

    service.revoke_gift(gift, now=NOW)
    service.revoke_gift(gift, now=NOW + timedelta(days=1))

    assert gift.revoked_at == NOW
    assert db.session.get_one(ArticleGift, gift.id).revoked_at == NOW


def test_a_reserved_text_opens_by_itself_after_its_months_and_the_history_says_so() -> None:
    set_terms(opens_after_months=6)
    at = datetime(2026, 5, 23, 7, tzinfo=UTC)
    due = make_article(access=Access.SUBSCRIBERS, published_at=at, version=3)
    by_itself = make_article(access=Access.SUBSCRIBERS, published_at=NOW - timedelta(days=40), opens_after_months=1)
    kept = [
        make_article(access=Access.SUBSCRIBERS, published_at=at + timedelta(days=1)),
        make_article(access=Access.SUBSCRIBERS, published_at=at, opens_after_months=0),
        make_article(access=Access.SUBSCRIBERS, published_at=at, opens_after_months=7),
        make_article(access=Access.SUBSCRIBERS, published_at=at, opened_at=at),
        make_article(access=Access.SUBSCRIBERS, published_at=at, status=ArticleStatus.WITHDRAWN),
        make_article(access=Access.SUBSCRIBERS, published_at=None, status=ArticleStatus.DRAFT),
    ]

    assert service.open_due(now=NOW) == 2

    db.session.expire_all()
    assert (due.access, due.opened_at, due.updated_at, due.version) == (Access.PUBLIC, NOW, NOW, 4)
    assert by_itself.access is Access.PUBLIC
    assert {article.access for article in kept} == {Access.SUBSCRIBERS}
    (entry,) = audit.history_of("article", due.id)
    assert (entry.action, entry.changes) == ("articles.open", {"access": ["subscribers", "public"]})
    assert service.open_due(now=NOW) == 0


def test_nothing_opens_by_itself_unless_somebody_said_so() -> None:
    make_article(access=Access.SUBSCRIBERS, published_at=datetime(2001, 1, 1, tzinfo=UTC))

    assert service.open_due(now=NOW) == 0


def test_what_is_reserved_again_stays_so() -> None:
    article = make_article(
        access=Access.SUBSCRIBERS, published_at=datetime(2001, 1, 1, tzinfo=UTC), opens_after_months=1
    )
    service.open_due(now=NOW)
    db.session.refresh(article)
    article.access = Access.SUBSCRIBERS
    db.session.commit()

    assert service.open_due(now=NOW + timedelta(days=1)) == 0
