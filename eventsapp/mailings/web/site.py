"""« Ne plus recevoir »: the page of a signed link, for whoever wants no more messages, and the way back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsapp.core import clock
from eventsapp.core.security_headers import private
from eventsapp.mailings import service

blueprint = Blueprint("refusals", __name__, url_prefix="/messages/refuser/<token>")
blueprint.after_request(private)

#: What a mail program posts for its reader (RFC 8058).
_ONE_CLICK = "List-Unsubscribe"


@blueprint.get("/")
def refuse(token: str) -> ResponseReturnValue:
    """Show the button that ends these messages; mail programs follow links, so only pressing it does."""
    service.read_token(token)
    return render_template("mailings/refuse.html", token=token)


@blueprint.post("/")
def refuse_for_good(token: str) -> ResponseReturnValue:
    """Send no more messages to whom the link stands for."""
    service.refuse(token, now=clock.now())
    if _ONE_CLICK in request.form:
        return "", 200
    return redirect(url_for(".refused", token=token), 303)


@blueprint.get("/c-est-note/")
def refused(token: str) -> ResponseReturnValue:
    """Say that it is done, with the way back."""
    service.read_token(token)
    return render_template("mailings/refused.html", token=token)


@blueprint.post("/reprendre/")
def take_back(token: str) -> ResponseReturnValue:
    """Send messages again to whom the link stands for."""
    service.take_back(token)
    return redirect(url_for(".taken_back", token=token), 303)


@blueprint.get("/repris/")
def taken_back(token: str) -> ResponseReturnValue:
    """Say that messages will come again."""
    service.read_token(token)
    return render_template("mailings/taken_back.html", token=token)
