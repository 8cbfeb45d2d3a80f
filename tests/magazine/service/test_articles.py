"""Writing and rewriting articles and reports."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import queries, service
from eventsapp.magazine.errors import ArticleChanged, NotReady
from eventsapp.magazine.models import Article, RelatedArticle
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.magazine.values import ArticleContent
from eventsapp.study_days.statuses import SessionKind
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


def opened(article: Article) -> Article:
    """Return the article as the editor's page has it."""
    db.session.commit()
    db.session.expire_all()
    found = newsroom.article(article.id)
    assert found is not None
    return found


def edit(article: Article, **changes: Any) -> None:
    service.edit_article(
        article,
        content=replace(service.content_of(article), **changes),
        version=article.version,
        actor=None,
        now=LATER,
    )


def test_a_report_starts_from_the_sessions_and_speakers_of_its_day() -> None:
    reporting = make_section("Reportage")
    day = make_study_day(title="Mutualiser les services", city=make_city("Angers"))
    maire, directeur = make_speaker("Jean-Claude Antonini"), make_speaker("Michel Monier")
    first = make_session(day, title="Angers", position=1, speakers=[maire, directeur])
    make_session(day, title="Déjeuner", position=2, kind=SessionKind.BREAK)
    last = make_session(day, title="Mulhouse", position=3, speakers=[directeur])
    db.session.expire_all()
    whole = newsroom.day(day.id)
    assert whole is not None

    proposal = service.propose_report(whole)

    assert proposal == ArticleContent(
        kind=ArticleKind.REPORT,
        title="Angers : Mutualiser les services",
        lead="",
        body="## Angers\n\n\n## Mulhouse\n\n",
        section_id=reporting.id,
        study_day_id=day.id,
        session_ids=(first.id, last.id),
        speaker_ids=(maire.id, directeur.id),
    )
    assert service.propose_report(whole, positions={3}).session_ids == (last.id,)


def test_a_report_is_a_draft_of_its_author_and_the_history_tells(editor: User) -> None:
    section, day = make_section("Reportage"), make_study_day()
    session = make_session(day)

    article = service.create_report(
        content=ArticleContent(title="Angers : ce qui s’est dit", study_day_id=day.id, session_ids=(session.id,)),
        actor=editor,
        now=NOW,
    )

    kept = opened(article)
    assert (kept.status, kept.kind, kept.slug) == (ArticleStatus.DRAFT, ArticleKind.REPORT, "angers-ce-qui-s-est-dit")
    assert (kept.author_id, kept.section_id, kept.version) == (editor.id, section.id, 1)
    assert [kept_session.id for kept_session in kept.sessions] == [session.id]
    (line,) = audit.history_of("article", article.id)
    assert (line.action, line.actor_label) == ("articles.create", editor.name)


def test_a_report_without_a_day_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        service.create_report(content=ArticleContent(title="Angers"), actor=None, now=NOW)

    assert set(refusal.value.errors) == {"/study_day"}


def test_two_articles_of_one_title_have_two_addresses() -> None:
    first, second = (
        service.create_article(content=ArticleContent(title="Angers"), actor=None, now=NOW) for _time in range(2)
    )

    assert (first.slug, second.slug) == ("angers", "angers-2")


def test_an_address_that_is_typed_must_be_free() -> None:
    make_article(slug="angers")

    with pytest.raises(Invalid) as refusal:
        service.create_article(content=ArticleContent(title="Autre", slug="Angers"), actor=None, now=NOW)

    assert set(refusal.value.errors) == {"/slug"}


def test_keys_that_lead_nowhere_are_named_all_at_once() -> None:
    elsewhere = make_session(make_study_day())
    article = make_article(status=ArticleStatus.DRAFT)
    wrong = {
        "title": " ",
        "section_id": 999_999,
        "issue_id": 999_999,
        "study_day_id": make_study_day().id,
        "session_ids": (elsewhere.id,),
        "speaker_ids": (999_999,),
        "related_ids": (article.id,),
    }

    with pytest.raises(Invalid) as refusal:
        edit(opened(article), **wrong)

    assert set(refusal.value.errors) == {"/title", "/section", "/issue", "/sessions", "/speakers", "/related"}


def test_a_day_that_does_not_exist_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        service.create_article(content=ArticleContent(title="Angers", study_day_id=999_999), actor=None, now=NOW)

    assert set(refusal.value.errors) == {"/study_day"}


def test_saving_writes_everything_and_the_history_tells_what_changed(editor: User) -> None:
    day, issue, section, speaker = make_study_day(), make_issue(376), make_section("Juridique"), make_speaker("A Bé")
    session, other = make_session(day, position=2), make_article()
    article = opened(make_article(title="Avant", body="un deux trois"))
    content = ArticleContent(
        title="Après",
        subtitle="Sous-titre",
        lead="Chapô",
        body="un deux",
        byline="A. B.",
        kind=ArticleKind.INTERVIEW,
        access=article.access,
        slug=article.slug,
        section_id=section.id,
        issue_id=issue.id,
        study_day_id=day.id,
        session_ids=(session.id,),
        speaker_ids=(speaker.id,),
        related_ids=(other.id,),
    )

    service.edit_article(article, content=content, version=1, actor=editor, now=LATER)

    kept = opened(article)
    assert service.content_of(kept) == content
    assert (kept.version, kept.updated_at) == (2, LATER)
    (line,) = audit.history_of("article", article.id)
    assert line.action == "articles.edit"
    assert line.changes["title"] == ["Avant", "Après"]
    assert line.changes["body"] == ["3 mots", "2 mots"]
    assert line.changes["issue"] == [None, 376]
    assert line.changes["sessions"] == ["", "2"]
    assert line.changes["speakers"] == ["", "A Bé"]


def test_saving_what_did_not_change_leaves_no_trace() -> None:
    article = opened(make_article())

    edit(article)

    assert article.updated_at == NOW
    assert list(audit.history_of("article", article.id)) == []


def test_of_two_editors_the_second_is_told_and_overwrites_nothing() -> None:
    article = opened(make_article(title="Avant"))
    edit(article, title="La première")

    with pytest.raises(ArticleChanged):
        service.edit_article(
            article,
            content=replace(service.content_of(article), title="Le second"),
            version=1,
            actor=None,
            now=LATER,
        )

    assert opened(article).title == "La première"


@pytest.mark.parametrize("status", [ArticleStatus.SCHEDULED, ArticleStatus.PUBLISHED])
def test_what_readers_see_cannot_be_left_incomplete(status: ArticleStatus) -> None:
    article = opened(make_article(status=status))

    with pytest.raises(NotReady):
        edit(article, lead="")


def test_a_draft_may_be_incomplete() -> None:
    article = opened(make_article(status=ArticleStatus.DRAFT))

    edit(article, lead="", body="")

    assert opened(article).lead == ""


def test_readers_of_a_former_address_are_led_to_the_present_one() -> None:
    article = opened(make_article(slug="ancienne"))

    edit(article, slug="nouvelle")

    assert opened(article).slug == "nouvelle"
    assert queries.former_article("ancienne") == "nouvelle"


def test_an_address_that_nobody_ever_saw_leaves_nothing_behind() -> None:
    article = opened(make_article(slug="ancienne", status=ArticleStatus.DRAFT))

    edit(article, slug="nouvelle")

    assert slugs.owner_of("article", "ancienne") is None


def test_the_reading_list_is_reordered_shortened_and_lengthened() -> None:
    one, two, three = make_article(), make_article(), make_article()
    article = opened(make_article(related=[one, two]))

    edit(article, related_ids=(three.id, two.id))

    assert [line.other_id for line in opened(article).related] == [three.id, two.id]
    assert db.session.query(RelatedArticle).count() == 2
