"""The first page of the office, and its search."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from eventsapp.accounts.access import Permission, permissions_of, requires
from eventsapp.core import clock, listing
from eventsapp.dashboard.web import frame, search

blueprint = Blueprint("dashboard", __name__, url_prefix="/organisation")
blueprint.app_context_processor(frame.around_pages)


@blueprint.get("/")
@requires(Permission.OFFICE)
def today() -> ResponseReturnValue:
    """Show where things stand."""
    return render_template("dashboard/today.html")


@blueprint.get("/recherche/")
@requires(Permission.STUDY_DAYS_VIEW)
def find() -> ResponseReturnValue:
    """Search everything that the visitor may see."""
    words = listing.clean(request.args.get("q", ""))
    found = search.search(words, permissions=permissions_of(current_user), now=clock.now()) if words else []
    return render_template("dashboard/search.html", words=words, found=found)
