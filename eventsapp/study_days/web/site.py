"""The days as visitors find them: list, calendar, a day, a session."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.accounts.access import reader
from eventsapp.core import clock, i18n, links, page_cache
from eventsapp.documents import access as documents
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.models import Article
from eventsapp.search import queries as search
from eventsapp.study_days import queries, rules
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SHOWN, DocumentAudience
from eventsapp.study_days.web import filters, months, programme, structured, town_map, when
from eventsapp.study_days.web.filters import Asked
from eventsapp.study_days.web.standing import standing
from eventsapp.vat import queries as vat
from eventsapp.vat import rules as vat_rules

#: Days on a page of the list.
PAGE_SIZE = 20

#: Days offered beside a day.
MOST_RELATED = 3

blueprint = Blueprint("study_days", __name__, url_prefix="/journees")
blueprint.add_app_template_global(standing, "day_standing")
blueprint.add_app_template_global(when.dates, "day_dates")
blueprint.add_app_template_global(when.hours, "day_hours")
blueprint.add_app_template_global(when.moment, "moment_in_words")
blueprint.add_app_template_global(programme.document_url, "document_url")
blueprint.add_app_template_global(programme.for_whom, "for_whom")
blueprint.add_app_template_global(programme.source, "source_of")


@blueprint.get("/")
@page_cache.public_page("days")
def days() -> ResponseReturnValue:
    """Show the days under the filters of the address, as a list or as a month."""
    now = clock.now()
    asked = filters.read(request.args)
    counts = queries.overview(asked.filters, now=now, matching=asked.matching)
    if asked.as_months:
        return _month(asked, counts, now)
    total = counts.past if asked.past else counts.upcoming
    found = queries.day_list(
        asked.filters, now=now, page=asked.page, size=PAGE_SIZE, matching=asked.matching, total=total
    )
    if asked.page > found.pages:
        asked.notices.append(_("La page %(asked)s n’existe pas : voici la dernière.", asked=asked.page))
    ids = [day.id for day in found.items]
    towns = [town for town in counts.cities if asked.filters.city in {"", town.slug}]
    return render_template(
        "study_days/days.html",
        heading=_("Journées d’étude passées") if asked.past else _("Journées d’étude"),
        asked=asked,
        counts=counts,
        found=found,
        groups=_groups(asked, counts, found.items),
        speakers=queries.names_by_day(ids),
        prices={} if asked.past else queries.prices_from(ids, now=now),
        articles=search.articles_by_day(ids) if asked.past else {},
        chart=_chart(asked, counts),
        points=town_map.points(towns, past=asked.past, address_of=lambda town: asked.url(ville=town.slug)),
        now=now,
    )


def _month(asked: Asked, counts: queries.Overview, now: datetime) -> str:
    today = clock.local_date(now)
    with_days = dict(counts.months)
    coming = [month for month in with_days if month >= months.first_of(today)]
    month = asked.month or min(coming, default=months.first_of(today))
    last = months.last_of(month)
    found = queries.days_of_month(asked.filters, first=month, last=last, now=now, matching=asked.matching)
    return render_template(
        "study_days/month.html",
        heading=_("Journées d’étude, %(month)s", month=i18n.month_year(month)),
        asked=asked,
        counts=counts,
        month=month,
        before=months.month_before(month),
        after=months.month_after(month),
        weeks=months.weeks(month, found),
        busy=bool(found),
        nearest=months.nearest(with_days, month),
        today=today,
        now=now,
    )


def _groups(
    asked: Asked, counts: queries.Overview, days: Sequence[StudyDay]
) -> list[tuple[date, int, Sequence[StudyDay]]]:
    """Return the days of the page by month, past ones by year, each group with how many it has on all pages.

    A group that the period cuts counts what is shown of it.
    """
    first, last = asked.filters.first or date.min, asked.filters.last or date.max
    group_of = months.first_of_year if asked.past else months.first_of
    end_of = months.last_of_year if asked.past else months.last_of
    whole: dict[date, int] = {}
    for month, count in counts.months:
        whole[group_of(month)] = whole.get(group_of(month), 0) + count
    return [
        (group, whole[group] if first <= group and end_of(group) <= last else len(held), held)
        for group, held in months.grouped(days, group_of)
    ]


def _chart(asked: Asked, counts: queries.Overview) -> list[tuple[str, int, str]]:
    """Return the bars: months to come, or past years; each leads to its own days."""
    if asked.past:
        return [
            (str(year), count, asked.url(du=date(year, 1, 1), au=date(year, 12, 31)))
            for year, count in months.by_year(dict(counts.months))
        ]
    return [
        (i18n.month_short(month), count, asked.url(du=month, au=months.last_of(month)))
        for month, count in months.run_of_months(dict(counts.months))
    ]


@blueprint.get("/<slug:slug>/")
@page_cache.public_page("days")
def day(slug: str) -> ResponseReturnValue:
    """Show a day in whatever state it is; a former address leads to the present one."""
    found = queries.shown_day_in_full(slug)
    if found is None:
        return _moved(slug)
    return day_page(found, clock.now())


def day_page(found: StudyDay, now: datetime, *, template: str = "study_days/day.html") -> str:
    """Draw the page of a day loaded in full; the office draws drafts with it too."""
    reports: Sequence[Article] = []
    by_session: Mapping[int, Sequence[Article]] = {}
    if rules.is_past(ends_at=found.ends_at, now=now):
        reports, by_session = magazine.reports_of_day(found.id), magazine.reports_by_session(found.id)
    related = queries.related_days(found, now=now, limit=MOST_RELATED)
    shown = found.status in SHOWN
    open_to = _open_to(found, now)
    return render_template(
        template,
        day=found,
        standing=standing(found, now),
        programme=programme.of(found, by_session, open_to=open_to),
        reports=reports,
        reported=sum(1 for talk in found.talks if talk.id in by_session),
        same_series=[other for other in related if _of_one_series(other, found)],
        same_theme=[other for other in related if not _of_one_series(other, found)],
        documents=[document for document in found.documents if document.session_id is None],
        open_to=open_to,
        taxed={} if rules.is_past(ends_at=found.ends_at, now=now) else _taxed(found, now),
        data=[structured.event(found, reports=reports, now=now), structured.breadcrumb(_way(found))] if shown else [],
        now=now,
    )


@blueprint.get("/<slug:slug>/seances/<int:position>/")
@page_cache.public_page("days")
def session(slug: str, position: int) -> ResponseReturnValue:
    """Show one session: who speaks, what was handed out, what was written about it."""
    found = queries.shown_day_in_full(slug)
    if found is None:
        return _moved(slug, position=position)
    talks = {talk.position: talk for talk in found.talks}
    if position not in talks:
        abort(404)
    talk = talks[position]
    places = list(talks)
    place = places.index(position)
    now = clock.now()
    url = links.absolute("study_days.session", slug=slug, position=position)
    return render_template(
        "study_days/session.html",
        day=found,
        session=talk,
        number=place + 1,
        before=talks[places[place - 1]] if place else None,
        after=talks[places[place + 1]] if place + 1 < len(places) else None,
        people=programme.people(talk),
        length=when.length(talk),
        documents=[document for document in found.documents if document.session_id == talk.id],
        open_to=_open_to(found, now),
        reports=magazine.reports_of_session(talk.id),
        standing=standing(found, now),
        data=[structured.breadcrumb([*_way(found), (talk.title, url)])],
        now=now,
    )


def _open_to(day: StudyDay, now: datetime) -> frozenset[DocumentAudience]:
    """Return whose documents of the day the reader may have; nobody is looked for where all are everybody's."""
    if all(document.audience is DocumentAudience.PUBLIC for document in day.documents):
        return documents.EVERYBODY
    return documents.audiences(day.id, reader(), now=now)


def _taxed(day: StudyDay, now: datetime) -> dict[int, tuple[int, list[int]]]:
    """Return what each rate costs before tax, and the rates of tax in it, by the rate's key."""
    tariff = vat.tariff()
    on = vat_rules.supplied_on(held_on=day.date, ordered_on=clock.local_date(now))
    found = {}
    for rate in day.rates:
        components = [part.value for part in rate.components]
        split = vat_rules.parts(components, price_cents=rate.price_cents, tariff=tariff, on=on)
        found[rate.id] = vat_rules.net_cents(split), vat_rules.rates_of(split)
    return found


def _moved(slug: str, *, position: int | None = None) -> ResponseReturnValue:
    """Lead a former address to the present one, for good."""
    present = queries.former_day(slug) or abort(404)
    if position is None:
        return redirect(url_for(".day", slug=present), 301)
    return redirect(url_for(".session", slug=present, position=position), 301)


def _of_one_series(one: StudyDay, other: StudyDay) -> bool:
    return one.series_id is not None and one.series_id == other.series_id


def _way(day: StudyDay) -> list[tuple[str, str]]:
    return [
        (_("Accueil"), links.absolute("site.home")),
        (_("Journées d’étude"), links.absolute("study_days.days")),
        (day.title, links.absolute("study_days.day", slug=day.slug)),
    ]
