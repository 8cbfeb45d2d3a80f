"""Reports as programs write them: rows are named as readers name them, and what is left out stays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eventsapp.audit.service import Actor
from eventsapp.core.errors import Invalid
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service._articles import content_of, create_report, edit_article, propose_report
from eventsapp.magazine.service._transitions import publish, reopen, schedule, submit, withdraw
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import ArticleContent, Move, ReportMembers
from eventsapp.study_days.models import StudyDay, StudySession


def write_report(members: ReportMembers, *, actor: Actor | None, now: datetime) -> Article:
    """Write the draft of a report about the day and the sessions named; it quotes those who spoke there.

    Raises ``Invalid`` naming each member that leads nowhere.
    """
    errors: dict[str, str] = {}
    day = _day(members, errors)
    sessions = _sessions(day, members.get("sessions", ()), errors)
    keys = _keys(members, errors)
    if errors or day is None:
        raise _invalid(errors)
    proposed = propose_report(day, positions=[session.position for session in sessions])
    content = replace(
        _written(proposed, members),
        section_id=keys.get("section_id") or proposed.section_id,
        issue_id=keys.get("issue_id"),
    )
    return create_report(content=content, actor=actor, now=now)


def change_report(article: Article, members: ReportMembers, *, move: Move, actor: Actor | None, now: datetime) -> None:
    """Change what ``members`` names, then let the report go where ``move`` says: all of it, or nothing.

    The article is loaded as by ``newsroom.article``. Raises what ``edit_article`` and the transitions raise, and
    ``Invalid`` naming each member that leads nowhere.
    """
    content = _changed(article, members)
    if content != content_of(article):
        edit_article(article, content=content, version=article.version, actor=actor, now=now)
    _move(article, move, actor=actor, now=now)


def _changed(article: Article, members: ReportMembers) -> ArticleContent:
    """Return what the article is to say; who is quoted follows the sessions."""
    errors: dict[str, str] = {}
    kept = content_of(article)
    if "study_day" in members:
        day = _day(members, errors)
    else:
        day = newsroom.day(article.study_day_id) if article.study_day_id else None
    content = replace(
        _written(kept, members), study_day_id=day.id if day else kept.study_day_id, **_keys(members, errors)
    )
    if "sessions" in members or content.study_day_id != kept.study_day_id:
        sessions = _sessions(day, members.get("sessions", ()), errors)
        content = replace(
            content,
            session_ids=tuple(session.id for session in sessions),
            speaker_ids=_speakers(article, kept, sessions),
        )
    if errors:
        raise _invalid(errors)
    return content


def _written(kept: ArticleContent, members: ReportMembers) -> ArticleContent:
    return replace(
        kept,
        title=members.get("title", kept.title),
        lead=members.get("lead", kept.lead),
        body=members.get("body", kept.body),
        access=members.get("access", kept.access),
    )


def _day(members: ReportMembers, errors: dict[str, str]) -> StudyDay | None:
    day = newsroom.day_by_slug(members["study_day"])
    if day is None:
        errors["/study_day"] = _("Cette journée n’existe pas.")
    return day


def _keys(members: ReportMembers, errors: dict[str, str]) -> dict[str, Any]:
    """Return the keys of the section and the issue that are named; what is left out is left out."""
    found: dict[str, Any] = {}
    if "section" in members:
        section = newsroom.section_by_slug(members["section"]) if members["section"] else None
        if members["section"] and section is None:
            errors["/section"] = _("Cette rubrique n’existe pas.")
        found["section_id"] = section.id if section else None
    if "issue" in members:
        issue = newsroom.issue(members["issue"]) if members["issue"] else None
        if members["issue"] and issue is None:
            errors["/issue"] = _("Ce numéro n’existe pas.")
        found["issue_id"] = issue.id if issue else None
    return found


def _sessions(day: StudyDay | None, positions: Collection[int], errors: dict[str, str]) -> list[StudySession]:
    """Return the sessions of the day at these positions; breaks have no report."""
    talks = {session.position: session for session in day.talks} if day else {}
    for place, position in enumerate(positions):
        if day and position not in talks:
            errors[f"/sessions/{place}"] = _("Cette journée n’a pas de séance à ce rang.")
    return [session for position, session in talks.items() if position in positions]


def _speakers(article: Article, kept: ArticleContent, sessions: Sequence[StudySession]) -> tuple[int, ...]:
    """Return whom the report quotes: those of its sessions, and whoever else the newsroom chose before."""
    before = newsroom.day(article.study_day_id) if article.study_day_id else None
    former = {
        talk.speaker_id
        for session in (before.sessions if before else ())
        if session.id in kept.session_ids
        for talk in session.interventions
    }
    others = [key for key in kept.speaker_ids if key not in former]
    return tuple(dict.fromkeys([*(talk.speaker_id for each in sessions for talk in each.interventions), *others]))


def _move(article: Article, move: Move, *, actor: Actor | None, now: datetime) -> None:
    """Let the report go; where it is already, nothing happens but for another date."""
    wanted = move.status or article.status
    if move.publish_at is not None and wanted is not ArticleStatus.SCHEDULED:
        raise _invalid({"/publish_at": _("Une date de parution va avec l’état scheduled.")})
    if wanted is ArticleStatus.SCHEDULED and article.status is not wanted and move.publish_at is None:
        raise _invalid({"/publish_at": _("Indiquez quand le compte rendu doit paraître.")})
    if move.publish_at is not None:
        schedule(article, publish_at=move.publish_at, actor=actor, now=now, note=move.note)
        return
    if wanted is article.status:
        return
    match wanted:
        case ArticleStatus.IN_REVIEW:
            submit(article, actor=actor, now=now, note=move.note)
        case ArticleStatus.DRAFT:
            reopen(article, actor=actor, now=now, note=move.note)
        case ArticleStatus.PUBLISHED:
            publish(article, actor=actor, now=now, note=move.note)
        case ArticleStatus.WITHDRAWN:
            withdraw(article, reason=move.note, actor=actor, now=now)


def _invalid(errors: Mapping[str, str]) -> Invalid:
    return Invalid("Certaines données sont à corriger.", errors=errors)
