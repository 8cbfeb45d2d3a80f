"""What Stripe told, in the office: what stands where, and what to do with a message that could not be dealt with."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists, refusals
from eventsapp.payments import queries, service
from eventsapp.payments.models import GatewayEvent
from eventsapp.payments.web.forms import EventForm

blueprint = Blueprint("events_office", __name__, url_prefix="/organisation/reglements/messages")


@blueprint.get("/")
@requires(Permission.PAYMENTS_RECORD)
def events() -> ResponseReturnValue:
    """List the messages, those set aside first."""
    return lists.answer(
        queries.event_list(),
        template="payments/office/events.html",
        row_url=lambda row: url_for(".event", key=row.id),
        aside=queries.events_aside(),
    )


@blueprint.post("/reessayer/")
@requires(Permission.PAYMENTS_RECORD)
def retry_all() -> ResponseReturnValue:
    """Try everything that is set aside once more."""
    again = service.retry_events(actor=current_user, now=clock.now())
    flash(ngettext("%(num)d message repart.", "%(num)d messages repartent.", again), "success")
    return redirect(url_for(".events", etat="en-attente"), 303)


@blueprint.get("/<int:key>/")
@requires(Permission.PAYMENTS_RECORD)
def event(key: int) -> ResponseReturnValue:
    """Show one message: what it says, why it is where it is, and what may be done."""
    return _page(queries.event(key) or abort(404), EventForm())


@blueprint.post("/<int:key>/reessayer/")
@requires(Permission.PAYMENTS_RECORD)
def retry(key: int) -> ResponseReturnValue:
    """Try a message once more."""
    found = queries.event(key) or abort(404)
    try:
        service.retry_event(found.id, actor=current_user, now=clock.now())
        flash(_("Le message repart ; rechargez cette page dans un instant."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".event", key=key), 303)


@blueprint.post("/<int:key>/classer/")
@requires(Permission.PAYMENTS_RECORD)
def file(key: int) -> ResponseReturnValue:
    """Put a message away with what was found."""
    found = queries.event(key) or abort(404)
    form = EventForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        service.file_event(found.id, note=form.note.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form), refusal.status
    flash(_("Le message est classé."), "success")
    return redirect(url_for(".events"), 303)


def _page(found: GatewayEvent, form: EventForm) -> str:
    return render_template(
        "payments/office/event.html",
        event=found,
        form=form,
        kind=queries.event_kind(found),
        words=queries.event_words(found),
    )
