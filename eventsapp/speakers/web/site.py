"""The directory of speakers, and the page of one."""

import re
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsapp.core import clock, links, page_cache
from eventsapp.core.pagination import page_number
from eventsapp.core.texts import from_address
from eventsapp.magazine import queries as magazine
from eventsapp.search import queries as search
from eventsapp.speakers import queries
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import rules

#: Speakers on a page of the directory.
PAGE_SIZE = 60
#: The longest search taken, in characters.
LONGEST_SEARCH = 100

_LETTER = re.compile(r"[A-Za-z]")

blueprint = Blueprint("speakers", __name__, url_prefix="/intervenants")


@blueprint.get("/")
@page_cache.public_page("days")
def directory() -> ResponseReturnValue:
    """List the speakers by name; ``lettre`` keeps one initial, ``q`` those it finds."""
    searched = from_address(request.args.get("q", ""), longest=LONGEST_SEARCH)
    matching = search.speakers_matching(searched) if searched else None
    letters = study_days.directory_letters(matching)
    letter = request.args.get("lettre", "").strip().upper()
    if not _LETTER.fullmatch(letter) or letter not in letters:
        letter = ""
    found = study_days.speaker_directory(
        letter=letter,
        page=page_number(request.args.get("page", "1")) or 1,
        size=PAGE_SIZE,
        total=letters.get(letter, 0) if letter else sum(letters.values()),
        matching=matching,
    )
    return render_template("speakers/directory.html", letters=letters, letter=letter, searched=searched, found=found)


@blueprint.get("/<slug:slug>/")
@page_cache.public_page("days")
def speaker(slug: str) -> ResponseReturnValue:
    """Show a speaker: when they spoke and will speak, in which role, and what was written about it."""
    found = queries.speaker(slug)
    if found is None:
        present = queries.former_speaker(slug) or abort(404)
        return redirect(url_for(".speaker", slug=present), 301)
    appearances = study_days.appearances_of(found.id)
    reports = magazine.reports_of_speaker(found.id)
    if not appearances and not reports:
        # Only in a draft so far: nobody is to know.
        abort(404)
    now = clock.now()
    past = [each for each in appearances if rules.is_past(ends_at=each.day.ends_at, now=now)]
    coming = [each for each in reversed(appearances) if not rules.is_past(ends_at=each.day.ends_at, now=now)]
    return render_template(
        "speakers/speaker.html",
        speaker=found,
        latest=(coming or past)[0].intervention if appearances else None,
        coming=coming,
        past=past,
        reports=reports,
        data=_person(found, (coming or past)[0] if appearances else None),
        now=now,
    )


def _person(speaker: Speaker, latest: study_days.Appearance | None) -> dict[str, Any]:
    """Return the speaker as a schema.org ``Person``."""
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": speaker.name,
        "url": links.absolute("speakers.speaker", slug=speaker.slug),
    }
    if latest and latest.intervention.role:
        made["jobTitle"] = latest.intervention.role
    if latest and latest.intervention.organisation:
        made["worksFor"] = {"@type": "Organization", "name": latest.intervention.organisation}
    return made
