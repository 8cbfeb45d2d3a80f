"""The waiting list of a day in the office: who waits, what was offered, and what is done about it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.mail import queries as mails
from eventsapp.office import lists
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus
from eventsapp.waiting_list.web.forms import ReasonForm

blueprint = Blueprint("waiting_list_office", __name__, url_prefix="/organisation/journees/<slug>/liste-d-attente")

#: Lines of the history shown.
_HISTORY = 30


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def entries(slug: str) -> ResponseReturnValue:
    """List who is on the day's list, and what became of the others."""
    day = _day(slug)
    return lists.answer(
        queries.entry_list(study_day_id=day.id, now=clock.now()),
        template="waiting_list/office/entries.html",
        row_url=lambda row: url_for(".entry", slug=slug, entry_id=row.WaitingEntry.id),
        day=day,
        totals=queries.totals_of([day.id]).get(day.id),
    )


@blueprint.get("/<int:entry_id>/")
@requires(Permission.REGISTRATIONS_VIEW)
def entry(slug: str, entry_id: int) -> ResponseReturnValue:
    """Show one group: its place, what was offered to it, what was written to it, what may be done."""
    day = _day(slug)
    return _page(day, _entry(day, entry_id), ReasonForm(formdata=None))


@blueprint.post("/<int:entry_id>/monter/")
@requires(Permission.WAITING_LISTS_EDIT)
def move_up(slug: str, entry_id: int) -> ResponseReturnValue:
    """Let the group change places with the one before it."""
    return _do(slug, entry_id, _moving(up=True), _("Le groupe a gagné un rang."))


@blueprint.post("/<int:entry_id>/descendre/")
@requires(Permission.WAITING_LISTS_EDIT)
def move_down(slug: str, entry_id: int) -> ResponseReturnValue:
    """Let the group change places with the one after it."""
    return _do(slug, entry_id, _moving(up=False), _("Le groupe a perdu un rang."))


@blueprint.post("/<int:entry_id>/proposer/")
@requires(Permission.WAITING_LISTS_EDIT)
def offer(slug: str, entry_id: int) -> ResponseReturnValue:
    """Offer free seats to the group, out of its turn."""

    def offer_it(found: WaitingEntry, reason: str) -> None:
        service.offer_by_hand(found, reason=reason, actor=current_user, now=clock.now())

    return _do(slug, entry_id, offer_it, _("La proposition part par courriel."))


@blueprint.post("/<int:entry_id>/retirer/")
@requires(Permission.WAITING_LISTS_EDIT)
def remove(slug: str, entry_id: int) -> ResponseReturnValue:
    """Take the group off the list."""

    def remove_it(found: WaitingEntry, reason: str) -> None:
        service.remove(found, reason=reason, actor=current_user, now=clock.now())

    return _do(slug, entry_id, remove_it, _("Le groupe n’est plus sur la liste ; un courriel le lui dit."))


def _moving(*, up: bool) -> Callable[[WaitingEntry, str], None]:
    def move_it(found: WaitingEntry, reason: str) -> None:
        service.move(found, up=up, reason=reason, actor=current_user, now=clock.now())

    return move_it


def _do(slug: str, entry_id: int, change: Callable[[WaitingEntry, str], None], told: str) -> ResponseReturnValue:
    day = _day(slug)
    found = _entry(day, entry_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(day, found, form), 422
    try:
        change(found, form.reason.data)
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _page(day, found, form), refusal.status
    flash(told, "success")
    return redirect(url_for(".entry", slug=slug, entry_id=entry_id), 303)


def _day(slug: str) -> StudyDay:
    return study_days.any_day(slug) or abort(404)


def _entry(day: StudyDay, entry_id: int) -> WaitingEntry:
    return queries.entry(entry_id, study_day_id=day.id) or abort(404)


def _page(day: StudyDay, found: WaitingEntry, form: ReasonForm) -> str:
    now = clock.now()
    offers = queries.offers_of(found.id)
    running = next((one for one in offers if one.outcome is None), None)
    return render_template(
        "waiting_list/office/entry.html",
        day=day,
        entry=found,
        form=form,
        rate_name=queries.rate_name(found),
        word=queries.STATUS_WORDS[found.status],
        tone=queries.STATUS_TONES.get(found.status),
        place=queries.place_of(found) if found.status is EntryStatus.WAITING else None,
        offers=offers,
        left=queries.time_left(running.expires_at, now=now) if running else "",
        mails=mails.mails_about("waiting_entry", found.id),
        history=audit.history_of("waiting_entry", found.id, most=_HISTORY),
    )
