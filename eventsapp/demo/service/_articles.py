"""Articles and reports, each where it stands in the newsroom, and what readers wrote under them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import clock, settings, slugs
from eventsapp.demo import queries, rules
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.demo.values import ArticleText, CommentText
from eventsapp.magazine import service as magazine
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, CommentStatus, IssueStatus
from eventsapp.magazine.values import ArticleContent, NewComment
from eventsapp.speakers import queries as speakers

#: How long before it appears an article is begun.
_WRITING_TAKES = timedelta(days=4)


def load_article(text: ArticleText, *, now: datetime) -> int:
    """Write one article and bring it where its file says; return 1, or 0 when it is there already."""
    with writing():
        if newsroom.article_by_slug(text.slug) is not None:
            return 0
        editor, reviewer = actor(RoleName.EDITOR), actor(RoleName.ORGANISER)
        # What comes from the archives is entered today, whatever date it bears.
        when = now if text.published_at else _moment(text.days_ago, text.slug, now=now)
        begun = when if text.published_at else when - _WRITING_TAKES
        article = magazine.create_article(content=_content(text), actor=editor, now=begun)
        article.is_fictional = text.fictional
        _bring_along(article, text, editor=editor, reviewer=reviewer, when=when, now=now)
        if text.published_at:
            article.published_at = article.updated_at = _at_eight(text.published_at)
        for comment in text.comments:
            _comment(article, comment, editor=editor, now=now)
    return 1


def _bring_along(
    article: Article, text: ArticleText, *, editor: User, reviewer: User, when: datetime, now: datetime
) -> None:
    """Take the article from draft to where it stands."""
    status = ArticleStatus(text.status)
    if status is ArticleStatus.IN_REVIEW:
        magazine.submit(article, actor=editor, now=when, note=text.note)
    elif status is ArticleStatus.SCHEDULED:
        appears = _at_eight(clock.local_date(now) + timedelta(days=text.in_days))
        magazine.schedule(article, publish_at=appears, actor=reviewer, now=when)
    elif status in {ArticleStatus.PUBLISHED, ArticleStatus.WITHDRAWN}:
        magazine.publish(article, actor=reviewer, now=when)
        if article.issue is not None and article.issue.status is not IssueStatus.PUBLISHED:
            dated = article.issue.published_on
            magazine.publish_issue(article.issue, actor=editor, now=when)
            # Some old numbers have none that anybody knows.
            article.issue.published_on = dated
    if status is ArticleStatus.WITHDRAWN:
        magazine.withdraw(article, reason=text.note, actor=editor, now=now - timedelta(days=1))


def _at_eight(on: date) -> datetime:
    """Return eight in the morning where the magazine is made: when texts appear."""
    return datetime.combine(on, time(8), settings.zone(settings.current().default_timezone))


def _content(text: ArticleText) -> ArticleContent:
    section = newsroom.section_by_slug(text.section)
    issue = newsroom.issue(text.issue) if text.issue else None
    day = queries.day(text.day) if text.day else None
    sessions = [day.talks[number - 1] for number in text.sessions] if day else []
    told = [talk.speaker_id for session in sessions for talk in session.interventions]
    return ArticleContent(
        title=text.title,
        lead=text.lead,
        body=text.body,
        byline=text.byline,
        kind=ArticleKind(text.kind),
        access=Access(text.access),
        slug=text.slug,
        section_id=section.id if section else None,
        issue_id=issue.id if issue else None,
        study_day_id=day.id if day else None,
        session_ids=tuple(session.id for session in sessions),
        speaker_ids=tuple(dict.fromkeys([*told, *_keys_of_speakers(text.speakers)])),
        related_ids=tuple(article.id for slug in text.related if (article := newsroom.article_by_slug(slug))),
    )


def _keys_of_speakers(wanted: Sequence[str]) -> list[int]:
    return [speaker.id for slug in wanted if (speaker := speakers.speaker(slug))]


def _comment(article: Article, text: CommentText, *, editor: User, now: datetime) -> None:
    when = _moment(text.days_ago, text.author, now=now)
    said = NewComment(author_name=text.author, author_email=text.email, body=text.body)
    comment = magazine.add_comment(article, comment=said, now=when)
    status = CommentStatus(text.state)
    if status is CommentStatus.PUBLISHED:
        magazine.publish_comment(comment, actor=editor, now=when + timedelta(hours=3))
    elif status is CommentStatus.REJECTED:
        magazine.reject_comment(comment, reason=text.reason, actor=editor, now=when + timedelta(hours=3))
    if text.reported:
        magazine.report_comment(
            comment, reason=text.reported, email="lectrice@lettre.example", now=when + timedelta(hours=20)
        )


def _moment(days_ago: int, name: str, *, now: datetime) -> datetime:
    """Return an hour of that day at which an office works, another for each name; never one to come."""
    zone = settings.zone(settings.current().default_timezone)
    day = clock.local_date(now) - timedelta(days=days_ago)
    return min(now, rules.at(day, len(slugs.slugify(name)), zone))
