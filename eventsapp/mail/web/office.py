"""The mails that were written: whether they left, what they say, and sending one again."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.accounts.access import Permission, may, may_open_private_pages, requires
from eventsapp.core import clock, links, settings
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import in_a_frame
from eventsapp.mail import queries
from eventsapp.mail import service as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import SENT_AGAIN
from eventsapp.office import lists

blueprint = Blueprint("mail_office", __name__, url_prefix="/organisation/courriels")


@blueprint.get("/")
@requires(Permission.MAIL_VIEW)
def mail_list() -> ResponseReturnValue:
    """List the mails, the latest first."""
    return lists.answer(
        queries.mail_list(),
        template="mail/office/mails.html",
        row_url=lambda mail: url_for(".mail", mail_id=mail.id),
        leaves=settings.current().mail_server is not None,
    )


@blueprint.get("/<int:mail_id>/")
@requires(Permission.MAIL_VIEW)
def mail(mail_id: int) -> ResponseReturnValue:
    """Show a mail as its reader sees it, and how it fared."""
    found = queries.mail_by_id(mail_id) or abort(404)
    return render_template(
        "mail/office/mail.html",
        mail=found,
        readable=_may_read(found),
        text=_shown(found.text),
        masked=not may_open_private_pages(),
        label=queries.LABELS[found.status],
        leaves=settings.current().mail_server is not None,
        sent_again=SENT_AGAIN,
    )


@blueprint.get("/<int:mail_id>/corps/")
@requires(Permission.MAIL_VIEW)
def body(mail_id: int) -> ResponseReturnValue:
    """Answer with the mail's HTML alone, for the frame that shows it."""
    found = queries.mail_by_id(mail_id) or abort(404)
    if not _may_read(found):
        abort(403)
    return in_a_frame(make_response(_shown(found.html)))


@blueprint.post("/<int:mail_id>/renvoyer/")
@requires(Permission.MAIL_VIEW)
def send_again(mail_id: int) -> ResponseReturnValue:
    """Put a mail back into the queue."""
    found = queries.mail_by_id(mail_id) or abort(404)
    try:
        mails.send_again(found, now=clock.now())
        flash(_("Le courriel repart."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".mail", mail_id=mail_id), 303)


def _may_read(mail: OutgoingMail) -> bool:
    """A mail that lets somebody sign in is for those who decide on the team, and for nobody else of it."""
    return may(Permission.TEAM_EDIT) or not queries.lets_sign_in(mail)


def _shown(body: str) -> str:
    """What a mail says, with its private links for those who may read all that these open."""
    return body if may_open_private_pages() else links.without_secrets(body)
