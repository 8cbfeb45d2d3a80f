"""Who did what, and when."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries
from eventsapp.audit.statuses import action_label
from eventsapp.office import lists

blueprint = Blueprint("audit_office", __name__, url_prefix="/organisation/journal")
blueprint.add_app_template_global(action_label)


@blueprint.get("/")
@requires(Permission.HISTORY_VIEW)
def history() -> ResponseReturnValue:
    """List all that was done, the latest first."""
    return lists.answer(queries.history_list(), row_url=lambda line: url_for(".entry", entry_id=line.id), nav="history")


@blueprint.get("/<int:entry_id>/")
@requires(Permission.HISTORY_VIEW)
def entry(entry_id: int) -> ResponseReturnValue:
    """Show one line: each field before and after."""
    found = queries.entry(entry_id) or abort(404)
    return render_template("audit/office/entry.html", entry=found)
