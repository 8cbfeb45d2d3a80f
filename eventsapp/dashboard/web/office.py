"""The first page of the office."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, requires
from eventsapp.dashboard.web import frame

blueprint = Blueprint("dashboard", __name__, url_prefix="/organisation")
blueprint.app_context_processor(frame.around_pages)


@blueprint.get("/")
@requires(Permission.OFFICE)
def today() -> ResponseReturnValue:
    """Show where things stand."""
    return render_template("dashboard/today.html")
