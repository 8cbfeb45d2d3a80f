"""From a past day to its report: which sessions still lack one, and the draft that already knows the day."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.i18n import date_long
from eventsapp.core.pagination import page_number
from eventsapp.magazine import service
from eventsapp.magazine.queries import coverage, newsroom
from eventsapp.magazine.web.office import articles
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.editor import Editor

#: Days on a page.
DAYS_A_PAGE = 20


@blueprint.get("/comptes-rendus/")
@requires(Permission.ARTICLES_EDIT)
def reports() -> ResponseReturnValue:
    """List past days: those with a session nobody has told of, or all."""
    now = clock.now()
    everything = request.args.get("etat") == "tous"
    return render_template(
        "magazine/office/reports.html",
        days=coverage.past_days(
            now=now, page=page_number(request.args.get("page", "1")) or 1, size=DAYS_A_PAGE, lacking_only=not everything
        ),
        lacking=coverage.days_lacking_reports(now=now),
        everything=everything,
    )


@blueprint.route("/journees/<slug:slug>/compte-rendu/", methods=["GET", "POST"])
@requires(Permission.ARTICLES_EDIT)
def new_report(slug: str) -> ResponseReturnValue:
    """Open a draft that knows the day, its sessions without a report, and their speakers; write it."""
    day = newsroom.day_by_slug(slug) or abort(404)
    covered = coverage.coverage_of(day)
    asked = request.args.get("seance", type=int)
    positions = {asked} if asked is not None else {entry.session.position for entry in covered.lacking}
    editor = Editor(start=service.propose_report(day, positions=positions or None))
    return articles.write(
        editor,
        heading=_("Compte rendu de %(town)s", town=day.city.name),
        above=[
            (_("Comptes rendus"), url_for(".reports")),
            (f"{day.city.name}, {date_long(day.date)}", url_for("study_days.day", slug=day.slug)),
        ],
        create=service.create_report,
        covered=covered,
    )
