"""Presences in the office: who came, what to look at, the signed sheet person by person or from a file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.attendance import queries
from eventsapp.attendance import service as attendance
from eventsapp.attendance.statuses import Source
from eventsapp.attendance.values import HalfDay, Marks, Sheet
from eventsapp.attendance.web.forms import SheetForm
from eventsapp.attendance.web.frame import around
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.listing import Action, Column, Kind
from eventsapp.core.pagination import page_number
from eventsapp.core.references import LARGEST_KEY
from eventsapp.files.reception import take_files
from eventsapp.office import lists, refusals
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("attendance_office", __name__, url_prefix="/organisation/journees/<slug>/presences")

#: What the form of a file that was read weighs at most, in bytes.
_MOST_BYTES = 4 * 1024 * 1024
take_files(blueprint, "file", text_bytes=_MOST_BYTES)


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def presences(slug: str) -> ResponseReturnValue:
    """Show who came, when and by which door."""
    day = _day(slug)
    halves = queries.half_days(day)
    listed = queries.presence_list(study_day_id=day.id, half_days=halves, zone=day.local_start.tzinfo)
    edits = may(Permission.PRESENCES_EDIT)
    return lists.answer(
        replace(listed, columns=[*listed.columns, _absence_column(slug)]) if edits else listed,
        template="attendance/office/presences.html",
        taken_back=_taken_back(day) if edits else None,
        row_url=_order_url if may(Permission.ORDERS_VIEW) else None,
        **around(day, part="presences"),
    )


@blueprint.get("/passages/")
@requires(Permission.REGISTRATIONS_VIEW)
def passages(slug: str) -> ResponseReturnValue:
    """Show what happened at the doors, what somebody should look at first."""
    day = _day(slug)
    return lists.answer(
        queries.check_in_list(study_day_id=day.id, zone=day.local_start.tzinfo),
        template="attendance/office/presences.html",
        **around(day, part="passages"),
    )


@blueprint.get("/feuille/")
@requires(Permission.PRESENCES_EDIT)
def sheet(slug: str) -> ResponseReturnValue:
    """Show one page of the signed sheet, a box for each half-day."""
    day = _day(slug)
    shown = queries.sheet_page(day.id, page=page_number(request.args.get("page", "1")) or 1)
    return render_template(
        "attendance/office/sheet.html", shown=shown, halves=queries.half_days(day), **around(day, part="sheet")
    )


@blueprint.post("/feuille/")
@requires(Permission.PRESENCES_EDIT)
def enter(slug: str) -> ResponseReturnValue:
    """Write what was changed on one page of the signed sheet."""
    day = _day(slug)
    halves = queries.half_days(day)
    changed = attendance.enter(day, marks=_marks(halves), source=Source.SHEET, actor=current_user, now=clock.now())
    _say_changed(changed)
    following = page_number(request.form.get("following", ""))
    return redirect(url_for(".sheet", slug=slug, page=following), 303)


@blueprint.route("/fichier/", methods=["GET", "POST"])
@requires(Permission.PRESENCES_EDIT)
def file(slug: str) -> ResponseReturnValue:
    """Read a file of presences and show what it would change; write it once that is confirmed."""
    day = _day(slug)
    form = SheetForm()
    if not form.validate_on_submit():
        return _file_page(day, form), 422 if form.errors else 200
    form.text.data = form.content()
    try:
        read = attendance.read_sheet(form.text.data, day=day)
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _file_page(day, form), refusal.status
    if "confirm" not in request.form:
        return _file_page(day, form, read=read)
    changed = attendance.enter(day, marks=read.marks, source=Source.FILE, actor=current_user, now=clock.now())
    _say_changed(changed)
    return redirect(url_for(".presences", slug=slug), 303)


@blueprint.post("/absents/")
@requires(Permission.PRESENCES_EDIT)
def absent(slug: str) -> ResponseReturnValue:
    """Note as absent everybody who is still awaited, or take that back."""
    day = _day(slug)
    try:
        count = attendance.note_absent(
            day, absent=request.form.get("absent") != "0", actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        _say_changed(count)
    return redirect(url_for(".presences", slug=slug), 303)


@blueprint.post("/<int:seat_id>/attendue/")
@requires(Permission.PRESENCES_EDIT)
def awaited(slug: str, seat_id: int) -> ResponseReturnValue:
    """Take back that one person was noted as absent; the list then offers the way back."""
    seat = queries.seat(seat_id, day_id=_day(slug).id) or abort(404)
    try:
        attendance.await_again(seat, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return _back(slug, seat_id)
    if "liste" not in request.form:
        flash(_("%(name)s n’est plus notée absente.", name=seat.name), "success")
    return _back(slug, seat_id, taken_back=seat_id)


@blueprint.post("/<int:seat_id>/absente/")
@requires(Permission.PRESENCES_EDIT)
def missed(slug: str, seat_id: int) -> ResponseReturnValue:
    """Note once more as absent one person of whom that was taken back."""
    day = _day(slug)
    seat = queries.seat(seat_id, day_id=day.id) or abort(404)
    try:
        attendance.miss_again(seat, day=day, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("%(name)s est de nouveau notée absente.", name=seat.name), "success")
    return _back(slug, seat_id)


def _back(slug: str, seat_id: int, *, taken_back: int | None = None) -> ResponseReturnValue:
    """Return to the list of presences where the form says so, else to the registration."""
    if "liste" in request.form:
        return redirect(url_for(".presences", slug=slug, reprise=taken_back), 303)
    return redirect(url_for("registration_card.registration", registration_id=seat_id), 303)


def _absence_column(slug: str) -> Column:
    """Return the column with the button that takes an absence back."""

    def button(row: Any) -> Action | None:
        seat: Registration = row[0]
        if seat.status is not RegistrationStatus.ABSENT:
            return None
        told = _("Retirer l’absence de %(name)s", name=seat.name)
        return Action(_("Retirer l’absence"), url_for(".awaited", slug=slug, seat_id=seat.id), told=told)

    return Column("absence", _l("Absence"), button, kind=Kind.ACTION, only_on_page=True)


def _taken_back(day: StudyDay) -> Registration | None:
    """Return whose absence was taken back a moment ago, while it still can be noted again."""
    asked = request.args.get("reprise", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 11) or int(asked) > LARGEST_KEY:
        return None
    seat = queries.seat(int(asked), day_id=day.id)
    return seat if seat is not None and seat.status is RegistrationStatus.CONFIRMED else None


def _file_page(day: StudyDay, form: SheetForm, *, read: Sheet | None = None) -> str:
    return render_template(
        "attendance/office/file.html", form=form, read=read, halves=queries.half_days(day), **around(day, part="file")
    )


def _marks(halves: Sequence[HalfDay]) -> list[Marks]:
    """Return what was changed on the page: a box that was empty and stays so says nothing of the person."""
    shown = [
        int(key) for key in request.form.getlist("seat")[:500] if key.isascii() and key.isdigit() and len(key) < 11
    ]
    ticked, was = set(request.form.getlist("there")), set(request.form.getlist("was"))
    marks = []
    for key in shown:
        boxes = {half: f"{key}-{half.key}" for half in halves}
        present = {half: box in ticked for half, box in boxes.items() if (box in ticked) != (box in was)}
        if present and key <= LARGEST_KEY:
            marks.append(Marks(registration_id=key, present=present))
    return marks


def _say_changed(count: int) -> None:
    flash(
        ngettext("%(num)s personne changée.", "%(num)s personnes changées.", count) if count else _("Rien n’a changé."),
        "success" if count else "info",
    )


def _day(slug: str) -> StudyDay:
    return study_days.any_day(slug) or abort(404)


def _order_url(row: Any) -> str:
    return url_for("orders_office.order", reference=row[0].order_line.order.reference)
