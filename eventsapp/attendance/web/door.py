"""The door on a phone: a ticket or a name, who came, what to take back. It works as plain forms too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.attendance import queries, rules
from eventsapp.attendance import service as attendance
from eventsapp.attendance.errors import DayOver
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import Outcome
from eventsapp.attendance.values import Answer, Scan
from eventsapp.attendance.web import opening
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.links import absolute
from eventsapp.core.texts import from_address
from eventsapp.papers import qr
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("door", __name__, url_prefix="/organisation/journees/<slug>/accueil")

#: The camera is for this page alone: the others may not even ask for it.
_CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
#: A code is longer than what people type of a name, and has no space.
_SHORTEST_CODE = 16
#: Entries that one button takes back: an order has fewer people.
_MOST_IN_A_GROUP = 300


@blueprint.get("/")
@requires(Permission.CHECK_INS)
def door(slug: str) -> ResponseReturnValue:
    """Show the door: the field for tickets and names, what the last one came to, who came."""
    day = opening.open_day(slug)
    words = from_address(request.args.get("q", ""), longest=100)
    shown = _keys(request.args.get("passage", ""))
    row = queries.check_in(shown[0], day_id=day.id) if shown else None
    answer = attendance.told_again(row, day=day) if row is not None else None
    keys = _keys(request.args.get("groupe", ""))
    group = queries.entries(keys, day_id=day.id) if keys else ()
    return page(day, words=words, answer=answer, newcomer=_newcomer(row) if row is not None else None, group=group)


@blueprint.post("/")
@requires(Permission.CHECK_INS)
def scan(slug: str) -> ResponseReturnValue:
    """Let in whoever shows the ticket; what is no ticket is looked for among the names."""
    day = opening.open_day(slug)
    typed = from_address(request.form.get("code", ""), longest=rules.LONGEST_SCAN)
    if not typed:
        return redirect(url_for(".door", slug=slug), 303)
    now = clock.now()
    may_be_name = len(typed) < _SHORTEST_CODE or " " in typed
    try:
        attendance.require_open(day, at=now)
    except DayOver as refusal:
        return redirect(url_for(".door", slug=slug, q=typed), 303) if may_be_name else _refused(day, refusal)
    answer = attendance.check_in(Scan(code=typed, device=opening.device()), day=day, by=current_user, now=now)
    if answer.check_in_id is not None:
        return redirect(url_for(".door", slug=slug, passage=answer.check_in_id), 303)
    if answer.outcome is Outcome.UNKNOWN and may_be_name:
        return redirect(url_for(".door", slug=slug, q=typed), 303)
    return page(day, answer=answer, status=404)


@blueprint.post("/places/<int:seat_id>/")
@requires(Permission.CHECK_INS)
def admit(slug: str, seat_id: int) -> ResponseReturnValue:
    """Let in somebody found by name."""
    day = opening.open_day(slug)
    try:
        answer = attendance.admit_seat(
            _seat(day, seat_id), day=day, device=opening.device(), by=current_user, now=clock.now()
        )
    except DayOver as refusal:
        return _refused(day, refusal)
    return redirect(url_for(".door", slug=slug, passage=answer.check_in_id), 303)


@blueprint.post("/places/<int:seat_id>/commande/")
@requires(Permission.CHECK_INS)
def admit_booking(slug: str, seat_id: int) -> ResponseReturnValue:
    """Let in everybody of somebody's order; one button takes back them and the one who came first."""
    day = opening.open_day(slug)
    seat, now = _seat(day, seat_id), clock.now()
    before = [row.id for row in queries.live_admissions(seat.id) if row.held_on == queries.date_at(day, now)]
    try:
        answers = attendance.admit_booking(seat, day=day, device=opening.device(), by=current_user, now=now)
    except DayOver as refusal:
        return _refused(day, refusal)
    came = [answer.check_in_id for answer in answers if answer.outcome is Outcome.ADMITTED]
    if not came:
        flash(_("Personne d’autre de cette commande n’est attendu."), "info")
        return redirect(url_for(".door", slug=slug), 303)
    return redirect(url_for(".door", slug=slug, groupe="-".join(map(str, before + came))), 303)


@blueprint.post("/entrees/annuler/")
@requires(Permission.CHECK_INS)
def undo_group(slug: str) -> ResponseReturnValue:
    """Take back at once that a group was let in; whoever stays inside is named with the reason."""
    day = opening.open_day(slug)
    keys = _keys(request.form.get("groupe", ""))
    try:
        undone, refused = attendance.undo_entries(
            keys, day=day, device=opening.device(), by=current_user, now=clock.now()
        )
    except DayOver as refusal:
        return _refused(day, refusal)
    for reason in refused:
        flash(reason.message, "error")
    if undone:
        told = ", ".join(undone)
        flash(
            ngettext("%(names)s : entrée annulée.", "%(names)s : %(num)s entrées annulées.", len(undone), names=told),
            "success",
        )
    elif not refused:
        flash(_("Aucune de ces entrées n’est à annuler."), "info")
    return redirect(url_for(".door", slug=slug), 303)


@blueprint.post("/places/<int:seat_id>/annuler/")
@requires(Permission.CHECK_INS)
def undo(slug: str, seat_id: int) -> ResponseReturnValue:
    """Take back that somebody was let in."""
    day = opening.open_day(slug)
    seat = _seat(day, seat_id)
    try:
        attendance.undo(seat, day=day, device=opening.device(), by=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("%(name)s : entrée annulée.", name=seat.name), "success")
    return redirect(url_for(".door", slug=slug), 303)


@blueprint.post("/places/<int:seat_id>/absence/")
@requires(Permission.CHECK_INS)
def absence(slug: str, seat_id: int) -> ResponseReturnValue:
    """Take back that somebody was noted as absent, or note it again; the page of the person offers the other."""
    day = opening.open_day(slug)
    seat = _seat(day, seat_id)
    try:
        told = note_absence(day, seat, absent="absent" in request.form)
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(told, "success")
    return redirect(url_for(".door", slug=slug, q=seat.name), 303)


@blueprint.post("/nom/")
@requires(Permission.CHECK_INS)
def name_device(slug: str) -> ResponseReturnValue:
    """Say what this door is called: the others read it when a ticket comes back."""
    opening.open_day(slug)
    opening.call_device(request.form.get("device", ""))
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".door", slug=slug), 303)


def _keys(told: str) -> list[int]:
    """Return the passages that an address or a form names, the unreadable left out."""
    keys = [key for key in told.split("-")[:_MOST_IN_A_GROUP] if key.isascii() and key.isdigit() and len(key) < 10]
    return [int(key) for key in keys]


def _refused(day: StudyDay, refusal: DayOver) -> ResponseReturnValue:
    flash(refusal.message, "error")
    return redirect(url_for(".door", slug=day.slug), 303)


def page(
    day: StudyDay,
    *,
    words: str = "",
    answer: Answer | None = None,
    newcomer: Registration | None = None,
    group: Sequence[CheckIn] = (),
    status: int = 200,
) -> Response:
    """Draw the door of ``day``, with the way to the page of the ``newcomer`` who was just registered here.

    The entries of a ``group`` that was let in at once are taken back at once.
    """
    own_page = _own_page(newcomer) if newcomer is not None else ""
    zone = day.local_start.tzinfo
    now = clock.now()
    today = queries.date_at(day, now)
    found = queries.found_by_name(day.id, words) if words else []
    response = make_response(
        render_template(
            "attendance/door.html",
            day=day,
            **arrived(day, on=today),
            latest=[(row, row.at.astimezone(zone)) for row in queries.latest(day.id)],
            words=words,
            found=found,
            is_cut=len(found) == queries.MOST_FOUND,
            is_over=now >= day.ends_at,
            **_date_of(day),
            inside=queries.inside([seat.id for seat in found], on=today) if found else set(),
            answer=answer,
            group=group,
            refusal=attendance.refusal(answer, names_day=True) if answer else None,
            own_page=own_page,
            own_page_code=qr.svg(own_page) if own_page else "",
            own_page_is_sent=bool(newcomer and newcomer.email),
            own_ticket=url_for("tickets.ticket", secret=newcomer.secret) if newcomer is not None else "",
            device=opening.device(),
            is_shell=False,
        ),
        status,
    )
    response.headers["Permissions-Policy"] = _CAMERA
    return response


def arrived(day: StudyDay, *, on: date) -> dict[str, Any]:
    """Return what the page shows of how people arrived on that date: counts, and a curve with its table."""
    zone = day.local_start.tzinfo
    arrivals = [moment.astimezone(zone) for moment in queries.arrivals(day.id, on=on)]
    curve = rules.by_minute(arrivals)
    return {
        "counts": queries.counts_on(day.id, on),
        "curve": curve,
        "points": rules.along(curve),
        "table": rules.by_quarter(arrivals),
    }


def shell(day: StudyDay) -> Response:
    """Draw the same page without anybody on it: a phone keeps it for when it is offline."""
    response = make_response(
        render_template("attendance/door.html", day=day, is_shell=True, device=opening.device(), **_date_of(day))
    )
    response.headers["Permissions-Policy"] = _CAMERA
    return response


def _date_of(day: StudyDay) -> dict[str, bool]:
    """Return what the page says of a day that is not held today."""
    now = clock.now()
    is_past = attendance.is_over(day, at=now)
    return {"is_past": is_past, "is_to_come": not is_past and not day.is_held_at(now)}


def _newcomer(row: CheckIn) -> Registration | None:
    """Return the seat of whoever was just registered at this door; for whoever did so, not for long."""
    if row.by_id != current_user.id or not rules.shows_own_page(row.client_key, at=row.received_at, now=clock.now()):
        return None
    seat = row.registration
    return seat if row.outcome is Outcome.ADMITTED and seat.has_ticket else None


def _own_page(seat: Registration) -> str:
    """Return the address of their page. The mail with it may be late, mistyped or never sent: they take it along."""
    return absolute("seats.seat", locale=seat.order_line.order.locale, secret=seat.secret)


def note_absence(day: StudyDay, seat: Registration, *, absent: bool) -> str:
    """Note that somebody did not come, or take it back; return what to say. Raises a refusal of ``attendance``."""
    if absent:
        attendance.miss_again(seat, day=day, actor=current_user, now=clock.now())
        return str(_("%(name)s est de nouveau notée absente.", name=seat.name))
    attendance.await_again(seat, actor=current_user, now=clock.now())
    return str(_("%(name)s n’est plus notée absente.", name=seat.name))


def _seat(day: StudyDay, seat_id: int) -> Registration:
    return queries.seat(seat_id, day_id=day.id) or abort(404)
