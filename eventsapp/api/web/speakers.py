"""Speakers, for programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsapp.api.web.naming import day_link, report_link
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path, listed
from eventsapp.api.web.shapes.people import Speaker, SpeakerFilters, SpeakerList
from eventsapp.core.links import absolute
from eventsapp.core.page_cache import public_page
from eventsapp.magazine import queries as magazine
from eventsapp.search import queries as search
from eventsapp.speakers import models, queries
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.queries import Appearance

blueprint = Resources(
    "api_speakers",
    __name__,
    heading="Intervenants",
    description="Les intervenants, leurs séances et ce qui en fut écrit.",
)


@blueprint.route("/speakers")
@public_page("days")
@refuses(blueprint, HTTPStatus.UNPROCESSABLE_ENTITY, problems=("invalid",))
@blueprint.arguments(SpeakerFilters, location="query")
@blueprint.response(200, SpeakerList, description="Les intervenants.")
@blueprint.doc(
    operationId="listSpeakers",
    summary="Lister les intervenants",
    description="Toute personne qui intervient à une journée annoncée ou passée, par nom.",
)
def speakers(asked: Mapping[str, Any]) -> dict[str, Any]:
    """List the speakers."""
    matching = search.speakers_matching(asked["q"])
    found = study_days.speaker_directory(
        page=asked["page"],
        size=asked["per_page"],
        total=sum(study_days.directory_letters(matching).values()),
        matching=matching,
    )
    items = [
        _summary(line.speaker, role=line.role, organisation=line.organisation) | {"sessions_count": line.times}
        for line in found.items
    ]
    return listed(found, asked=asked["page"], items=items)


@blueprint.route("/speakers/<slug:slug>", parameters=in_path("slug", "Le nom de la personne dans les adresses."))
@public_page("days", "magazine")
@refuses(blueprint, HTTPStatus.NOT_FOUND)
@blueprint.alt_response(301, description="La page a changé d’adresse ; `Location` dit laquelle.", success=True)
@blueprint.response(200, Speaker, description="L’intervenant ou l’intervenante.")
@blueprint.doc(
    operationId="readSpeaker",
    summary="Lire la page d’une personne",
    description="Ses séances, dans la fonction de chaque jour, et les comptes rendus qui la citent.",
)
def speaker(slug: str) -> ResponseReturnValue | dict[str, Any]:
    """Show a speaker; one who is only in a draft is nobody yet."""
    found = queries.speaker(slug)
    if found is None:
        present = queries.former_speaker(slug) or abort(404)
        return redirect(url_for(".speaker", slug=present), 301)
    appearances = study_days.appearances_of(found.id)
    reports = magazine.reports_of_speaker(found.id)
    if not appearances and not reports:
        abort(404)
    latest = appearances[0].intervention if appearances else None
    return _summary(found, role=latest.role if latest else "", organisation=latest.organisation if latest else "") | {
        "biography_markdown": found.shown_biography,
        "website": found.website,
        "sessions": [_appearance(each) for each in appearances],
        "reports": [report_link(report) for report in reports],
    }


def _summary(speaker: models.Speaker, *, role: str, organisation: str) -> dict[str, Any]:
    return {
        "slug": speaker.slug,
        "first_name": speaker.first_name,
        "last_name": speaker.last_name,
        "name": speaker.name,
        "role": role,
        "organisation": organisation,
        "url": absolute("speakers.speaker", slug=speaker.slug),
    }


def _appearance(appearance: Appearance) -> dict[str, Any]:
    day, session = appearance.day, appearance.session
    return {
        "study_day": day_link(day),
        "position": session.position,
        "title": session.title,
        "role": appearance.intervention.role,
        "organisation": appearance.intervention.organisation,
        "url": absolute("study_days.session", slug=day.slug, position=session.position),
    }
