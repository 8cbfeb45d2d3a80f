"""Study days, for programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsapp.api.web import taxes
from eventsapp.api.web.naming import report_link
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path, listed
from eventsapp.api.web.shapes.days import Day, DayFilters, DayList
from eventsapp.core import clock, i18n, settings
from eventsapp.core.links import absolute
from eventsapp.core.page_cache import public_page
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.models import Article
from eventsapp.search import queries as search
from eventsapp.study_days import queries, rules
from eventsapp.study_days.models import Rate, StudyDay, StudySession
from eventsapp.study_days.statuses import Availability, SessionKind
from eventsapp.study_days.values import DayFilters as Filters
from eventsapp.study_days.values import When
from eventsapp.vat import queries as vat
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Tariff

blueprint = Resources(
    "api_study_days", __name__, heading="Journées d’étude", description="Les journées d’étude et leur programme."
)

_WHEN = {"upcoming": When.UPCOMING, "past": When.PAST, "all": When.ALL}
_TAKES_REGISTRATIONS = frozenset({Availability.OPEN, Availability.FEW_SEATS})


@blueprint.route("/study-days")
@public_page("days")
@refuses(blueprint, HTTPStatus.UNPROCESSABLE_ENTITY, problems=("invalid",))
@blueprint.arguments(DayFilters, location="query")
@blueprint.response(200, DayList, description="Les journées.")
@blueprint.doc(
    operationId="listStudyDays",
    summary="Lister les journées",
    description="Les journées à venir, passées ou toutes, réduites par ville, thème, série et recherche.",
)
def study_days(asked: Mapping[str, Any]) -> dict[str, Any]:
    """List the days."""
    now = clock.now()
    found = queries.day_list(
        Filters(when=_WHEN[asked["when"]], city=asked["city"], theme=asked["theme"], series=asked["series"]),
        now=now,
        page=asked["page"],
        size=asked["per_page"],
        matching=search.days_matching(asked["q"]),
    )
    prices = queries.prices_from([day.id for day in found.items], now=now)
    return listed(found, asked=asked["page"], items=[_summary(day, now, prices.get(day.id)) for day in found.items])


@blueprint.route("/study-days/<slug:slug>", parameters=in_path("slug", "Le nom de la journée dans les adresses."))
@public_page("days")
@refuses(blueprint, HTTPStatus.NOT_FOUND)
@blueprint.alt_response(301, description="Elle a changé d’adresse ; `Location` dit laquelle.", success=True)
@blueprint.response(200, Day, description="La journée.")
@blueprint.doc(
    operationId="readStudyDay",
    summary="Lire une journée",
    description="Tout ce que dit sa page : programme, intervenants, comptes rendus publiés, tarifs et places.",
)
def study_day(slug: str) -> ResponseReturnValue | dict[str, Any]:
    """Show a day in whatever state it is; a former address leads to the present one."""
    found = queries.shown_day_in_full(slug)
    if found is None:
        present = queries.former_day(slug) or abort(404)
        return redirect(url_for(".study_day", slug=present), 301)
    now = clock.now()
    reports = magazine.reports_by_session(found.id)
    takes_registrations = found.availability(now) in _TAKES_REGISTRATIONS
    tariff = vat.tariff()
    return _summary(found, now, found.price_from(now)) | {
        "description_markdown": found.description,
        "status_note": found.status_note,
        "previous_starts_at": found.local_previous,
        "audience": found.audience,
        "objectives": found.objectives,
        "included": found.included,
        "cancellation_terms": found.cancellation_terms,
        "practical_markdown": found.practical,
        "contact": found.contact,
        "rates": [
            _rate(rate, found, now, takes_registrations=takes_registrations, tariff=tariff) for rate in found.rates
        ],
        "questions": [
            {
                "code": each.code,
                "scope": each.scope.value,
                "kind": each.kind.value,
                "label": each.local_label,
                "help": i18n.choose(each.help, each.help_en),
                "required": each.required,
                "choices": list(each.choices),
            }
            for each in queries.questions_asked([found.id]).get(found.id, [])
        ],
        "sessions": [_session(found, each, reports.get(each.id, ())) for each in found.sessions],
    }


def _summary(day: StudyDay, now: datetime, price: int | None) -> dict[str, Any]:
    """Return what a list tells of a day with its lowest price; city, venue, series and theme are loaded."""
    venue, theme, series = day.venue, day.theme, day.series
    past = rules.is_past(ends_at=day.ends_at, now=now)
    return {
        "slug": day.slug,
        "title": day.title,
        "lead": day.lead,
        "url": absolute("study_days.day", slug=day.slug),
        "date": day.date,
        "last_date": day.last_date,
        "starts_at": day.local_start if day.hours_known else None,
        "ends_at": day.local_end if day.hours_known else None,
        "timezone": day.timezone,
        "city": {"slug": day.city.slug, "name": day.city.name},
        "venue": venue
        and {
            "name": venue.name,
            "address": venue.address,
            "postcode": venue.postcode,
            "step_free": venue.step_free,
            "hearing_loop": venue.hearing_loop,
        },
        "theme": theme and {"slug": theme.slug, "name": theme.local_name},
        "series": series and {"slug": series.slug, "title": series.title},
        "status": day.status.value,
        "availability": day.availability(now).value,
        "capacity": day.capacity,
        "seats_left": day.seats_left,
        "registration_opens_at": day.local_open,
        "registration_closes_at": day.local_close,
        "price_from_cents": None if past else price,
        "is_fictional": day.is_fictional,
    }


def _rate(rate: Rate, day: StudyDay, now: datetime, *, takes_registrations: bool, tariff: Tariff) -> dict[str, Any]:
    until = rate.available_until
    on = vat_rules.supplied_on(held_on=day.date, ordered_on=clock.local_date(now))
    return {
        "code": rate.code,
        "name": rate.local_name,
        "condition": rate.local_condition,
        "price_cents": rate.price_cents,
        **taxes.of_price(rate.components, price_cents=rate.price_cents, tariff=tariff, on=on),
        "available": takes_registrations and rate.is_available(now),
        "available_until": until and until.astimezone(settings.zone(day.timezone)),
        "for_subscribers": rate.for_subscribers,
    }


def _session(day: StudyDay, session: StudySession, reports: Sequence[Article]) -> dict[str, Any]:
    zone = settings.zone(day.timezone)
    has_page = session.kind is not SessionKind.BREAK
    return {
        "position": session.position,
        "kind": session.kind.value,
        "title": session.title,
        "summary": session.summary,
        "starts_at": session.starts_at and session.starts_at.astimezone(zone),
        "ends_at": session.ends_at and session.ends_at.astimezone(zone),
        "room": session.room,
        "url": absolute("study_days.session", slug=day.slug, position=session.position) if has_page else None,
        "speakers": [
            {
                "slug": talk.speaker.slug,
                "name": talk.speaker.name,
                "role": talk.role,
                "organisation": talk.organisation,
                "chairs": talk.chairs,
                "url": absolute("speakers.speaker", slug=talk.speaker.slug),
            }
            for talk in session.interventions
        ],
        "reports": [report_link(report) for report in reports],
    }
