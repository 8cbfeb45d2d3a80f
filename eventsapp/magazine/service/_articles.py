"""Writing and rewriting articles and reports."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core import outline, slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import rules
from eventsapp.magazine.errors import ApprovedText, ArticleChanged
from eventsapp.magazine.models import SLUG_KIND, Article, Issue, RelatedArticle, Revision, Section
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service import _revisions
from eventsapp.magazine.service._filing import sign, tags_called
from eventsapp.magazine.service._numbers import hold_open_issue
from eventsapp.magazine.service._text_pictures import keep_pictures
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.magazine.values import WORDS, ArticleContent
from eventsapp.study_days.models import StudyDay, StudySession

#: What readers see, or will without anybody looking again: it must stay complete.
_TO_BE_READ = frozenset({ArticleStatus.SCHEDULED, ArticleStatus.PUBLISHED})


def propose_report(day: StudyDay, *, positions: Collection[int] | None = None) -> ArticleContent:
    """Return what the report of ``day`` starts from: its sessions (of ``positions``, or all), their speakers, a title.

    The day's city, sessions, interventions and their speakers are loaded.
    """
    sessions = [session for session in day.talks if positions is None or session.position in positions]
    section = newsroom.reporting_section()
    speakers = dict.fromkeys(intervention.speaker_id for session in sessions for intervention in session.interventions)
    return ArticleContent(
        kind=ArticleKind.REPORT,
        title=rules.report_title(day_title=day.title, city=day.city.name),
        body=rules.report_body([session.title for session in sessions]),
        section_id=section.id if section else None,
        study_day_id=day.id,
        session_ids=tuple(session.id for session in sessions),
        speaker_ids=tuple(speakers),
    )


def create_report(*, content: ArticleContent, actor: Actor | None, now: datetime) -> Article:
    """Write the draft of a report about a study day; without a section it stands under *Reportage*.

    Raises ``Invalid`` when the day is missing or a key leads nowhere.
    """
    if content.study_day_id is None:
        raise Invalid("Un compte rendu se rattache à une journée.", errors={"/study_day": _("Choisissez une journée.")})
    section = None if content.section_id else newsroom.reporting_section()
    return create_article(
        content=replace(
            content, kind=ArticleKind.REPORT, section_id=content.section_id or (section.id if section else None)
        ),
        actor=actor,
        now=now,
    )


def create_article(*, content: ArticleContent, actor: Actor | None, now: datetime) -> Article:
    """Write a draft. Raises ``Invalid`` when the title is missing, the slug is taken or a key leads nowhere."""
    article = Article(
        created_at=now,
        updated_at=now,
        author_id=actor.id if actor else None,
        status=ArticleStatus.DRAFT,
        version=1,
        section=None,
        issue=None,
        study_day=None,
        sessions=[],
        speakers=[],
        authors=[],
        tags=[],
        related=[],
        corrections=[],
    )
    _fill(article, content)
    db.session.add(article)
    db.session.flush()
    keep_pictures(article)
    audit.record("articles.create", actor=actor, subject=subject(article), now=now, changes={"title": article.title})
    _revisions.record(article, changed=[name for name in WORDS if getattr(article, name)], actor=actor, now=now)
    return article


def edit_article(
    article: Article,
    *,
    content: ArticleContent,
    version: int,
    actor: Actor | None,
    now: datetime,
    restored_from: int | None = None,
) -> None:
    """Save ``content`` over ``version`` of the article, loaded as by ``newsroom.article``.

    The database compares the version in the statement that raises it, so that of two editors at once one is told.
    When its author changes the words of an approved text, it has to be approved again. Raises ``ArticleChanged``,
    ``Invalid``, ``ApprovedText`` when it is about to appear by itself, and ``NotReady`` when what readers see would be
    left incomplete.
    """
    before, words = _facts(article), _words(article)
    own = rules.undoes_approval(author_id=article.author_id, actor_id=actor.id if actor else None)
    if own and article.status is ArticleStatus.SCHEDULED and words != _typed_words(content):
        raise ApprovedText(
            _("Ce texte est approuvé et va paraître : remettez-le en brouillon pour le changer, il sera relu.")
        )
    if article.status is ArticleStatus.SCHEDULED and article.publish_at is None:
        _hold_its_issue(content)
    if article.status in _TO_BE_READ:
        rules.require_ready(title=content.title, lead=content.lead, body=content.body)
    raised = db.session.scalar(
        sa.update(Article)
        .where(Article.id == article.id, Article.version == version)
        .values(version=Article.version + 1)
        .returning(Article.version)
    )
    if raised is None:
        raise ArticleChanged(
            "Quelqu’un d’autre a enregistré cet article depuis que vous l’avez ouvert. Ce que vous avez écrit est "
            "gardé ci-dessous ; rien n’a été écrasé."
        )
    _fill(article, content)
    changes = audit.difference(before, _facts(article))
    if article.body != words["body"]:
        changes["body"] = [_length(words["body"]), _length(article.body)]
    if own and article.status is not ArticleStatus.PUBLISHED and words != _words(article):
        article.approved_at = article.approved_by_id = None
    if changes:
        article.updated_at = now
        audit.record("articles.edit", actor=actor, subject=subject(article), now=now, changes=changes)
    db.session.flush()
    keep_pictures(article)
    if changed := [name for name in WORDS if words[name] != getattr(article, name)]:
        _revisions.record(article, changed=changed, actor=actor, now=now, restored_from=restored_from)
    if article.status is ArticleStatus.PUBLISHED:
        _revisions.keep_current(article)


def restore_revision(article: Article, revision: Revision, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Save the words of ``revision`` over ``version`` of its article, as a new revision. Raises as ``edit_article``."""
    content = replace(content_of(article), **{name: getattr(revision, name) for name in WORDS})
    edit_article(article, content=content, version=version, actor=actor, now=now, restored_from=revision.number)


def _hold_its_issue(content: ArticleContent) -> None:
    """Hold the issue that a waiting article is to appear with. Raises ``Invalid`` without one that is still to come.

    Before the article is: whoever publishes the issue takes them in that order.
    """
    issue = db.session.get(Issue, content.issue_id) if content.issue_id else None
    if issue is None:
        raise Invalid(
            "Cet article paraît avec son numéro.",
            errors={"/issue": _("Choisissez le numéro avec lequel il paraît, ou remettez-le en brouillon.")},
        )
    hold_open_issue(issue)


def content_of(article: Article) -> ArticleContent:
    """Return what is written now, to change a part of it; the article is loaded as by ``newsroom.article``."""
    return ArticleContent(
        title=article.title,
        subtitle=article.subtitle,
        lead=article.lead,
        body=article.body,
        byline=article.byline,
        kind=article.kind,
        access=article.access,
        free_paragraphs=article.free_paragraphs,
        opens_after_months=article.opens_after_months,
        slug=article.slug,
        section_id=article.section_id,
        issue_id=article.issue_id,
        study_day_id=article.study_day_id,
        session_ids=tuple(session.id for session in article.sessions),
        speaker_ids=tuple(speaker.id for speaker in article.speakers),
        authors=tuple(author.name for author in article.authors),
        tags=tuple(tag.name for tag in article.tags),
        related_ids=tuple(line.other_id for line in article.related),
    )


def subject(article: Article) -> tuple[str, int, str]:
    """Return how the history names the article."""
    return ("article", article.id, article.title)


def _fill(article: Article, content: ArticleContent) -> None:
    """Put ``content`` into the article; raise ``Invalid`` naming every field whose value leads nowhere."""
    errors: dict[str, str] = {}
    if not content.title.strip():
        errors["/title"] = _("Donnez un titre à l’article.")
    section = db.session.get(Section, content.section_id) if content.section_id else None
    if content.section_id and section is None:
        errors["/section"] = _("Cette rubrique n’existe pas.")
    issue = db.session.get(Issue, content.issue_id) if content.issue_id else None
    if content.issue_id and issue is None:
        errors["/issue"] = _("Ce numéro n’existe pas.")
    day = newsroom.day(content.study_day_id) if content.study_day_id else None
    if content.study_day_id and day is None:
        errors["/study_day"] = _("Cette journée n’existe pas.")
    sessions = _sessions(day, content.session_ids, errors)
    speakers = newsroom.speakers(content.speaker_ids) if content.speaker_ids else []
    if len(speakers) != len(set(content.speaker_ids)):
        errors["/speakers"] = _("Un des intervenants n’existe plus.")
    related_ids = list(dict.fromkeys(content.related_ids))
    if article.id in related_ids or len(newsroom.articles(related_ids) if related_ids else []) != len(related_ids):
        errors["/related"] = _("Un des articles à lire n’existe plus, ou est celui-ci.")
    slug = _slug(article, content, errors)
    if outline.undescribed_images(content.body):
        errors["/body"] = _("Une image n’est pas décrite : dites entre les crochets ce qu’elle montre.")
    if errors:
        raise Invalid("Certaines données de l’article sont à corriger.", errors=errors)
    article.title = content.title.strip()
    article.subtitle = content.subtitle.strip()
    article.lead = content.lead.strip()
    article.body = content.body.strip()
    article.byline = content.byline.strip()
    article.kind = content.kind
    article.access = content.access
    article.free_paragraphs = content.free_paragraphs
    article.opens_after_months = content.opens_after_months
    article.section = section
    article.issue = issue
    article.study_day = day
    article.sessions = sessions
    article.speakers = list(speakers)
    sign(article, content.authors)
    article.tags = tags_called(content.tags)
    _relate(article, related_ids)
    _rename(article, slug)


def _sessions(day: StudyDay | None, ids: Collection[int], errors: dict[str, str]) -> list[StudySession]:
    chosen = [session for session in day.sessions if session.id in ids] if day else []
    if len(chosen) != len(set(ids)):
        errors["/sessions"] = _("Une des séances n’appartient pas à la journée choisie.")
    return chosen


def _slug(article: Article, content: ArticleContent, errors: dict[str, str]) -> str:
    """Return the address asked for; one made from the title steps aside for others, a typed one must be free."""
    if not content.slug:
        return article.slug if article.id else slugs.free_slug(Article, slugs.slugify(content.title))
    wanted = slugs.slugify(content.slug)
    if wanted != slugs.free_slug(Article, wanted, but=article.id):
        errors["/slug"] = _("Un autre article a déjà cette adresse.")
    return wanted


def _rename(article: Article, slug: str) -> None:
    """Change the address; readers who kept the former one are led to the new."""
    if article.published_at is not None and article.slug != slug:
        slugs.remember(SLUG_KIND, article.slug, object_id=article.id)
    article.slug = slug


def _relate(article: Article, ids: list[int]) -> None:
    """Put « À lire » into this order; lines that stay are kept, as two with one article may not stand even a moment."""
    kept = {line.other_id: line for line in article.related}
    article.related = [kept.get(key) or RelatedArticle(other_id=key) for key in ids]
    for position, line in enumerate(article.related, start=1):
        line.position = position


def _words(article: Article) -> dict[str, str]:
    """Return what is read of the article: what a reviewer approves, and what revisions keep."""
    return {name: getattr(article, name) for name in WORDS}


def _typed_words(content: ArticleContent) -> dict[str, str]:
    return {name: getattr(content, name).strip() for name in WORDS}


def _facts(article: Article) -> Mapping[str, Any]:
    """Return what the history compares, but for the text itself."""
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "lead": article.lead,
        "byline": article.byline,
        "kind": article.kind.value,
        "access": article.access.value,
        "free_paragraphs": article.free_paragraphs,
        "opens_after_months": article.opens_after_months,
        "slug": article.slug,
        "section": article.section.name if article.section else None,
        "issue": article.issue.number if article.issue else None,
        "study_day": article.study_day.slug if article.study_day else None,
        "sessions": ", ".join(str(session.position) for session in article.sessions),
        "speakers": ", ".join(speaker.name for speaker in article.speakers),
        "authors": ", ".join(author.name for author in article.authors),
        "tags": ", ".join(tag.name for tag in article.tags),
        "related": ", ".join(str(line.other_id) for line in article.related),
    }


def _length(text: str) -> str:
    """Return how the history names a long text."""
    return f"{len(text.split())} mots"
