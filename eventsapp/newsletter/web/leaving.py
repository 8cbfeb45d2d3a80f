"""The way out of the newsletter: a button for people, one press for mail programs (RFC 8058)."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsapp.core import clock
from eventsapp.core.security_headers import private
from eventsapp.newsletter import queries, service

blueprint = Blueprint("newsletter_leaving", __name__, url_prefix="/lettre/<secret>/quitter")
blueprint.after_request(private)

#: What a mail program posts for its reader.
_ONE_CLICK = "List-Unsubscribe"


@blueprint.get("/")
def leave(secret: str) -> ResponseReturnValue:
    """Show the button that ends the letters; mail programs follow links, so only pressing it does."""
    _reader = queries.reader_by_secret(secret) or abort(404)
    return render_template("newsletter/leave.html", secret=secret)


@blueprint.post("/")
def leave_for_good(secret: str) -> ResponseReturnValue:
    """Send no more letters to whose link it is."""
    reader = queries.reader_by_secret(secret) or abort(404)
    service.leave(reader.id, now=clock.now())
    if _ONE_CLICK in request.form:
        return "", 200
    return redirect(url_for("newsletter.own", secret=secret), 303)
