"""Who signs an article, and the words it is filed under."""

from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import queries, service
from eventsapp.magazine.models import Article, Tag
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import ArticleContent
from eventsapp.speakers import queries as speakers
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW, make_speaker

pytestmark = pytest.mark.usefixtures("transaction")


def write(**values: Any) -> Article:
    made = service.create_article(content=ArticleContent(title="Angers", **values), actor=None, now=NOW)
    db.session.commit()
    found = newsroom.article(made.id)
    assert found is not None
    return found


def rewrite(article: Article, **values: Any) -> None:
    service.edit_article(
        article, content=ArticleContent(title="Angers", **values), version=article.version, actor=None, now=NOW
    )


def test_authors_sign_in_order_and_a_speakers_name_is_the_speakers() -> None:
    speaker = make_speaker("Michel Monier")

    article = write(authors=(" Anne  Roux ", "michel monier", "", "Anne Roux"))

    assert [(author.name, author.slug, author.speaker_id) for author in article.authors] == [
        ("Anne Roux", "anne-roux", None),
        ("michel monier", speaker.slug, speaker.id),
    ]
    assert article.byline == "Anne Roux et michel monier"


def test_a_name_that_two_speakers_have_is_nobodys() -> None:
    make_speaker("Claude Roux")
    make_speaker("Claude Roux", slug="un-autre-claude-roux")

    (author,) = write(authors=("Claude Roux",)).authors

    assert (author.slug, author.speaker_id) == ("claude-roux", None)


def test_without_authors_the_byline_is_kept() -> None:
    article = write(byline="la rédaction", authors=())

    assert (article.byline, article.authors) == ("la rédaction", [])


def test_authors_are_reordered_and_taken_away_and_the_history_tells() -> None:
    article = write(authors=("Anne Roux", "Alix Petit"))
    kept = {author.name: author.id for author in article.authors}

    rewrite(article, authors=("Alix Petit", "Anne Roux"), tags=("Finances",))

    assert {author.name: author.id for author in article.authors} == kept
    assert [author.position for author in article.authors] == [1, 2]
    assert service.content_of(article).authors == ("Alix Petit", "Anne Roux")
    rewrite(article, byline="la rédaction")
    assert article.authors == []


def test_signatures_that_are_too_long_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        write(authors=("a" * 80, "b" * 80))

    assert refusal.value.errors.keys() == {"/authors"}


def test_a_tag_is_made_once_whatever_its_accents_and_capitals() -> None:
    first = [tag.name for tag in write(tags=("Fonction publique", " Ressources  humaines ")).tags]
    second = write(tags=("fonction publique", "FINANCES", "finances", ""))

    assert first == ["Fonction publique", "Ressources humaines"]
    assert [tag.slug for tag in second.tags] == ["finances", "fonction-publique"]
    assert db.session.query(Tag).count() == 3


@pytest.mark.parametrize("tags", [tuple(f"mot {number}" for number in range(13)), ("a" * 81,)])
def test_too_many_tags_or_a_tag_that_is_too_long_are_refused(tags: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refusal:
        write(tags=tags)

    assert refusal.value.errors.keys() == {"/tags"}


def test_speakers_made_one_sign_as_one() -> None:
    kept, other = make_speaker("Michel Monier"), make_speaker("Michel Monnier")
    keys = kept.id, other.id
    alone, both = make_article(), make_article()
    for article, names in ((alone, ("Michel Monnier",)), (both, ("Michel Monier", "Michel Monnier"))):
        found = newsroom.article(article.id)
        assert found is not None
        service.edit_article(
            found,
            content=ArticleContent(title="Angers", lead="Chapô.", body="Texte.", authors=names),
            version=found.version,
            actor=None,
            now=NOW,
        )
    db.session.commit()

    editor, alone_id, both_id = make_user(RoleName.EDITOR), alone.id, both.id
    with unit_of_work.transaction():
        db.session.expire_all()
        first, second = (speakers.speaker_by_id(key) for key in keys)
        assert first is not None
        assert second is not None
        service.merge_speakers(first, other=second, actor=editor, now=NOW)

    assert {article.id for article in queries.articles_by(kept.slug, page=1, size=9).items} == {alone_id, both_id}
    found_both = newsroom.article(both_id)
    assert found_both is not None
    assert [author.name for author in found_both.authors] == ["Michel Monier"]
