"""Searching the whole site."""

from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import limits
from eventsapp.core.pagination import page_number
from eventsapp.core.texts import from_address
from eventsapp.search import queries, rules
from eventsapp.search.values import Hit, Kind

#: Results on a page.
PAGE_SIZE = 20
#: The longest search taken, in characters.
LONGEST = 100


blueprint = Blueprint("search", __name__, url_prefix="/recherche")


@blueprint.get("/")
@limits.limiter.limit(limits.SEARCH)
def results() -> ResponseReturnValue:
    """Show what ``q`` finds, all of it or one ``type``; an unknown type or page is the first."""
    searched = from_address(request.args.get("q", ""), longest=LONGEST)
    wanted = request.args.get("type", "")
    kind = Kind(wanted) if wanted in set(Kind) else None
    page = page_number(request.args.get("page", "1")) or 1
    found = queries.find(searched, kind=kind, page=page, size=PAGE_SIZE)
    response = make_response(
        render_template(
            "search/results.html",
            searched=searched,
            kind=kind,
            found=found.page,
            is_broad=found.is_broad,
            is_too_common=rules.is_too_common(searched),
            tabs=_tabs(searched, kind, found),
            address_of=_address_of,
            labels=_labels(),
            meant=queries.meant(searched) if searched and not (found.counts or found.is_broad) else None,
        )
    )
    # Same for everyone, and different at every word: not worth keeping anywhere.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _tabs(searched: str, chosen: Kind | None, found: queries.Found) -> list[tuple[str, str, int | None, bool]]:
    names = {
        Kind.DAY: _("Journées"),
        Kind.SESSION: _("Séances"),
        Kind.ARTICLE: _("Articles"),
        Kind.SPEAKER: _("Intervenants"),
    }
    total = None if found.is_broad else sum(found.counts.values())
    return [
        (_("Tout"), url_for(".results", q=searched), total, chosen is None),
        *(
            (
                name,
                url_for(".results", q=searched, type=kind.value),
                None if found.is_broad else found.counts.get(kind, 0),
                kind is chosen,
            )
            for kind, name in names.items()
            if found.is_broad or found.counts.get(kind) or kind is chosen
        ),
    ]


def _labels() -> dict[Kind, Any]:
    return {
        Kind.DAY: _("Journée d’étude"),
        Kind.SESSION: _("Séance"),
        Kind.ARTICLE: _("Article"),
        Kind.SPEAKER: _("Intervenant"),
    }


def _address_of(hit: Hit) -> str:
    match hit.kind:
        case Kind.DAY:
            return url_for("study_days.day", slug=hit.slug)
        case Kind.SESSION:
            return url_for("study_days.session", slug=hit.slug, position=hit.position)
        case Kind.ARTICLE:
            return url_for("magazine.article", slug=hit.slug)
        case Kind.SPEAKER:
            return url_for("speakers.speaker", slug=hit.slug)
