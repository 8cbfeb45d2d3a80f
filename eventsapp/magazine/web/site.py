"""The magazine as readers see it: its front, its issues, its articles, their PDF and feed."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.accounts.access import reader
from eventsapp.core import clock, links, markdown, settings
from eventsapp.core.page_cache import public_page
from eventsapp.core.pagination import page_number
from eventsapp.core.security_headers import private
from eventsapp.core.slugs import slugify
from eventsapp.documents import access as documents
from eventsapp.figures.access import mark_of
from eventsapp.magazine import papers, queries, rules
from eventsapp.magazine.access import GIVERS, Right, can_comment, glimpse_of, participant_key, right_to_read
from eventsapp.magazine.models import Article, Comment, Issue, ReadingTerms, Section
from eventsapp.magazine.statuses import Access
from eventsapp.magazine.web import dublin_core, own, structured
from eventsapp.magazine.web.answers import feed_of, for_one
from eventsapp.magazine.web.keyed import with_key
from eventsapp.magazine.web.reads import count_read
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import DayDocument
from eventsapp.study_days.statuses import SHOWN, DocumentAudience
from eventsapp.subscriptions import queries as subscriptions

#: Issues on a page of the archive.
ISSUES_A_PAGE = 24
#: Articles of each section on the magazine's front.
LATEST_IN_SECTION = 3
#: Entries of the feed.
FEED_SIZE = 50

blueprint = Blueprint("magazine", __name__)


@blueprint.get("/magazine/")
@public_page("magazine", "plans")
def home() -> ResponseReturnValue:
    """Show what the magazine is, how to have it, its current issue, what is new, and the archive by year."""
    issues = queries.issues(page=page_number(request.args.get("page", "1")) or 1, size=ISSUES_A_PAGE)
    if issues.number > 1:
        return render_template("magazine/archive.html", issues=issues, years=_by_year(issues.items))
    current = issues.items[0] if issues.items else None
    return render_template(
        "magazine/home.html",
        issues=issues,
        years=_by_year(issues.items),
        current_issue=current,
        contents=queries.articles_of_issue(current.id) if current else [],
        sections=queries.latest_by_section(LATEST_IN_SECTION),
        offer=subscriptions.cheapest_plan(),
        methods=payments.enabled_methods(),
    )


@blueprint.get("/magazine/<int:number>/")
@public_page("magazine")
def issue(number: int) -> ResponseReturnValue:
    """Show the table of contents of a number, and its editorial."""
    found = queries.issue_by_number(number) or abort(404)
    before, after = queries.issues_around(number)
    return render_template(
        "magazine/issue.html",
        issue=found,
        groups=_by_section(queries.articles_of_issue(found.id)),
        editorial=markdown.to_html(found.editorial),
        before=before,
        after=after,
    )


@blueprint.get("/articles/<slug:slug>/")
@public_page("magazine", "days", "plans")
def article(slug: str) -> ResponseReturnValue:
    """Show an article; of one that is reserved, the body only to those who may read it."""
    asked = queries.article_to_read(slug)
    if asked is None:
        return _gone_or_moved(slug, "magazine.article")
    found, terms = asked
    person = reader()
    right = right_to_read(found, person, now=clock.now())
    response = _article_page(found, terms, right)
    count_read(right, person)
    return for_one(response) if found.access is not Access.PUBLIC and right else response


@blueprint.get("/inscriptions/<secret>/comptes-rendus/<slug:slug>/")
def article_of_seat(secret: str, slug: str) -> ResponseReturnValue:
    """Show the report of a day to who has a seat there, by its private link; lead the others to everybody's page."""
    seat = registrations.seat_for_link(secret) or abort(404)
    found, terms = queries.article_to_read(slug) or abort(404)
    now = clock.now()
    right = right_to_read(found, None, now=now, seat=seat)
    if right is None:
        return private(make_response(redirect(url_for(".article", slug=slug), 303)))
    key = participant_key(seat, found) if found.access is not Access.PUBLIC else ""
    open_to = documents.audiences(seat.study_day_id, None, seat=seat, now=now)
    return private(_article_page(found, terms, right, key=key, seat=seat, open_to=open_to))


@blueprint.get("/articles/<slug:slug>.pdf")
@public_page("magazine", "days")
def article_pdf(slug: str) -> ResponseReturnValue:
    """Give the article as PDF to whoever may read it; lead the others to the page, where the offer is."""
    found = queries.published_article(slug)
    if found is None:
        return _gone_or_moved(slug, "magazine.article_pdf")
    person = reader()
    right = right_to_read(found, person, now=clock.now())
    if right is None:
        return for_one(redirect(url_for(".article", slug=found.slug, _anchor="lire"), 303))
    reserved = found.access is not Access.PUBLIC
    count_read(right, person)
    response = _article_paper(found, copy_of=person.name if person and reserved else "")
    return for_one(response) if reserved else response


@blueprint.get("/articles/<slug:slug>/lire/<key>/")
def article_by_key(slug: str, key: str) -> ResponseReturnValue:
    """Show an article to whoever has a key to it: a gift, or a participant's; without a right, what all others see."""
    asked = queries.article_to_read(slug)
    if asked is None:
        return _gone_or_moved(slug, "magazine.article")
    found, terms = asked
    if found.access is Access.PUBLIC:
        return redirect(url_for(".article", slug=found.slug), 303)
    person = reader()
    right = right_to_read(found, person, now=clock.now(), key=key)
    count_read(right, person)
    return private(_article_page(found, terms, right, key=key))


@blueprint.get("/articles/<slug:slug>/lire/<key>/article.pdf")
def article_pdf_by_key(slug: str, key: str) -> ResponseReturnValue:
    """Give the PDF to whoever has a key to the article; lead the others to its page."""
    found = queries.published_article(slug)
    if found is None:
        return _gone_or_moved(slug, "magazine.article_pdf")
    person = reader()
    right = right_to_read(found, person, now=clock.now(), key=key)
    if right is None or found.access is Access.PUBLIC:
        return private(make_response(redirect(url_for(".article", slug=found.slug, _anchor="lire"), 303)))
    count_read(right, person)
    return private(_article_paper(found, copy_of=_("%(name)s, qui l’offre", name=right.giver) if right.giver else ""))


@blueprint.get("/articles/flux.atom")
@public_page("magazine")
def feed() -> ResponseReturnValue:
    """Give the newest articles to programs that follow them: title and lead, never the body."""
    return feed_of(
        queries.latest_articles(FEED_SIZE),
        withdrawn=queries.latest_withdrawn(FEED_SIZE),
        title=settings.current().site_name,
        own=links.absolute("magazine.feed"),
        page=links.absolute("magazine.home"),
    )


def _article_page(
    found: Article,
    terms: ReadingTerms,
    right: Right | None,
    *,
    key: str = "",
    seat: Registration | None = None,
    open_to: frozenset[DocumentAudience] | None = None,
) -> Response:
    """Render the page of an article for whoever has ``right``; without one, how it begins and the offer.

    ``open_to`` says whose documents the holder of ``seat`` has, where its private link is what opens the page.
    """
    voices = queries.voices_of(found)
    glimpse = None if right else glimpse_of(found, terms)
    day = found.study_day if found.study_day and found.study_day.status in SHOWN else None
    sessions = [talk.id for talk in found.sessions] if day else []
    threads = queries.comments_of(found.id) if right else []
    takes_comments = right is not None and rules.takes_comments(
        published_at=found.published_at, days=terms.comments_days, now=clock.now()
    )
    person = None if seat else reader()
    may_comment = takes_comments and (seat or not key) and can_comment(found, right, person, now=clock.now(), seat=seat)
    handed_out = study_days.documents_of_sessions(sessions) if sessions else ()
    return make_response(
        render_template(
            "magazine/article.html",
            article=found,
            body=with_key(markdown.to_html(found.body), key) if right else None,
            opening=markdown.to_html(glimpse.opening) if glimpse else "",
            opens_on=glimpse.opens_on if glimpse else None,
            right=right,
            key=key,
            read_mark=mark_of(found.id, right),
            may_give=right is not None and right.reason in GIVERS and found.access is not Access.PUBLIC,
            minutes=rules.reading_minutes(found.body),
            day=day,
            documents=handed_out,
            open_to=_open_to(handed_out) if open_to is None else open_to,
            seat=seat,
            voices=voices,
            reading=queries.reading_list(found),
            takes_comments=takes_comments,
            person=person,
            may_comment=may_comment,
            comments=threads,
            comments_count=sum(len(thread.answers) + (not thread.is_gone) for thread in threads),
            signatures=queries.signatures(found, threads),
            own_comments=_own_comments(found) if right and (seat or not key) else {},
            paragraphs=markdown.paragraphs,
            offer=None if right else subscriptions.cheapest_plan(),
            structured=structured.news_article(found, people=[speaker for speaker, _said in voices]),
            catalogue=dublin_core.tags(found),
            canonical_url=links.absolute("magazine.article", slug=found.slug),
        )
    )


def _article_paper(found: Article, *, copy_of: str) -> Response:
    paper = papers.article_pdf(
        found, voices=queries.voices_of(found), reading=queries.reading_list(found), reader=copy_of
    )
    response = make_response(paper)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = _attachment(papers.file_name(found))
    response.headers["Link"] = f'<{links.absolute("magazine.article", slug=found.slug)}>; rel="canonical"'
    return response


def _own_comments(article: Article) -> dict[int, Comment]:
    """Return the comments that the reader may still mend, by key."""
    return {said.id: said for said in own.to_mend(article, reader(), now=clock.now())}


def _open_to(handed_out: Sequence[DayDocument]) -> frozenset[DocumentAudience]:
    """Return whose documents of one day the reader may have; nobody is looked for where all are everybody's."""
    if all(document.audience is DocumentAudience.PUBLIC for document in handed_out):
        return documents.EVERYBODY
    return documents.audiences(handed_out[0].study_day_id, reader(), now=clock.now())


def _by_section(articles: Sequence[Article]) -> list[tuple[Section | None, list[Article]]]:
    """Group what comes in the order of the sections."""
    return [(section, list(group)) for section, group in groupby(articles, key=lambda article: article.section)]


def _by_year(issues: Sequence[Issue]) -> list[tuple[int | None, list[Issue]]]:
    """Group issues by their year, the latest first; those whose date is not known stand together, last."""
    years: dict[int | None, list[Issue]] = {}
    for each in issues:
        years.setdefault(each.published_on.year if each.published_on else None, []).append(each)
    return sorted(years.items(), key=lambda entry: entry[0] or 0, reverse=True)


def _gone_or_moved(slug: str, endpoint: str) -> ResponseReturnValue:
    """Answer for an address without a published article: withdrawn and why, moved and where to, or unknown."""
    withdrawn = queries.withdrawn_article(slug)
    if withdrawn is not None:
        return render_template("magazine/withdrawn.html", withdrawn=withdrawn), 410
    present = queries.former_article(slug)
    if present is None:
        abort(404)
    return redirect(url_for(endpoint, slug=present), 301)


def _attachment(name: str) -> str:
    """Return the header that offers a file under ``name``, for browsers old and new (RFC 6266)."""
    plain = f"{slugify(name.removesuffix('.pdf'))}.pdf"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
