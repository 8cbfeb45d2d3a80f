"""What the buyer's page and the office share: an order's seats, who sits there, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.accounts.models import User
from eventsapp.core import clock, links
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.orders.models import Order
from eventsapp.registrations import queries, rules
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import NamedBy, RegistrationStatus
from eventsapp.registrations.web.forms import InviteForm, PersonForm
from eventsapp.study_days import queries as study_days


@dataclass(frozen=True, slots=True)
class Desk:
    """From where the seats of an order are filled in: the buyer's own page, or the office."""

    order: Order
    #: The blueprint with the pages, and what its addresses take.
    blueprint: str
    address: dict[str, Any]
    by: NamedBy
    actor: User | None = None
    #: What participants ask for to be able to take part may be read here, and written.
    sees_needs: bool = True
    may_edit: bool = True
    layout: str = "layouts/site.html"
    back: str = field(default="")

    @property
    def is_office(self) -> bool:
        return self.by is NamedBy.OFFICE

    @property
    def opens_private_pages(self) -> bool:
        """Whether links that carry a secret are shown: in the office to whoever may do and read all that they open."""
        return not self.is_office or (self.may_edit and self.sees_needs)

    def is_kept_from(self, seat: Registration) -> bool:
        """Whether the person of the seat answered for themselves, and the buyer need not know what they need."""
        return self.by is NamedBy.BUYER and seat.named_by is NamedBy.SELF

    def ticket_url(self, seat: Registration) -> str:
        """Return the address of a seat's ticket; the buyer's does not carry the link of the person."""
        if self.is_office:
            return url_for("tickets.ticket", secret=seat.secret)
        return url_for("tickets.of_seat", **self.address, seat_id=seat.id)

    def url(self, page: str, seat: Registration | None = None, **more: Any) -> str:
        """Return the address of one of its pages, of a seat's where one is given."""
        of_seat: dict[str, Any] = {"seat_id": seat.id} if seat is not None else {}
        return url_for(f"{self.blueprint}.{page}", **self.address, **of_seat, **more)


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat with what can be done about it now."""

    seat: Registration
    may_change: bool
    may_write: bool
    form: InviteForm

    @property
    def link(self) -> str:
        """The private link of the seat, to send by another way."""
        return links.absolute("seats.seat", secret=self.seat.secret)


def people(desk: Desk, *, wrong: InviteForm | None = None, wrong_at: int = 0, status: int = 200) -> Response:
    """Show who is known and who is not; ``wrong`` is the invitation form of the seat ``wrong_at`` with its errors."""
    now = clock.now()
    shown = [
        _shown(seat, now=now, form=wrong if wrong and seat.id == wrong_at else None)
        for seat in queries.of_order(desk.order.id)
    ]
    standing = [each for each in shown if each.seat.status is not RegistrationStatus.CANCELLED]
    page = render_template(
        "registrations/people.html",
        desk=desk,
        order=desk.order,
        shown=shown,
        standing=standing,
        named=sum(each.seat.is_named for each in standing),
        remindable=sum(each.may_write and each.seat.awaits_answer for each in standing),
        wrong_at=wrong_at,
    )
    return private(make_response(page, status))


def name(desk: Desk, seat_id: int) -> ResponseReturnValue:
    """Say whom a seat is for, or correct what is written."""
    seat = _seat(desk, seat_id)
    was_named = seat.is_named

    def write(form: PersonForm) -> Registration:
        change = registrations.correct_seat if was_named else registrations.name_seat
        return change(
            seat,
            person=form.person(kept_needs=seat.access_needs),
            by=desk.by,
            actor=desk.actor,
            replies=form.replies(),
            now=clock.now(),
        )

    return _person_page(desk, seat, "correct" if was_named else "name", write)


def replace(desk: Desk, seat_id: int) -> ResponseReturnValue:
    """Give a seat to somebody else: say what follows, ask who, do it."""
    seat = _seat(desk, seat_id)
    if not seat.is_named:
        return redirect(desk.url("name", seat), 303)

    def write(form: PersonForm) -> Registration:
        return registrations.substitute(
            seat, person=form.person(), by=desk.by, actor=desk.actor, replies=form.replies(), now=clock.now()
        )

    return _person_page(desk, seat, "replace", write)


def invite(desk: Desk, seat_id: int) -> ResponseReturnValue:
    """Send the seat's link to the address that was typed beside it."""
    seat = _seat(desk, seat_id)
    form = _invite_form(seat)
    if not form.validate_on_submit():
        return people(desk, wrong=form, wrong_at=seat.id, status=422)
    try:
        registrations.invite(seat, email=form.email.data, actor=desk.actor, now=clock.now())
    except Refusal as refusal:
        form.email.errors = [*form.email.errors, refusal.message]
        return people(desk, wrong=form, wrong_at=seat.id, status=refusal.status)
    flash(_("L’invitation est partie à %(email)s.", email=form.email.data), "success")
    return redirect(desk.url("people", _anchor=f"seat-{seat.id}"), 303)


def remind(desk: Desk, seat_id: int) -> ResponseReturnValue:
    """Ask once more whoever was invited to a seat."""
    seat = _seat(desk, seat_id)
    try:
        registrations.remind(seat, actor=desk.actor, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("La relance est partie à %(email)s.", email=seat.invited_email), "success")
    return redirect(desk.url("people", _anchor=f"seat-{seat.id}"), 303)


def remind_all(desk: Desk) -> ResponseReturnValue:
    """Ask once more everybody who was invited and has not answered."""
    try:
        sent = registrations.remind_all(queries.of_order(desk.order.id), actor=desk.actor, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        if sent:
            flash(ngettext("%(num)s relance est partie.", "%(num)s relances sont parties.", sent), "success")
        else:
            flash(_("Personne à relancer : chacun a reçu un courriel il y a moins d’un jour, ou a répondu."), "info")
    return redirect(desk.url("people"), 303)


def _seat(desk: Desk, seat_id: int) -> Registration:
    return queries.seat_of_order(desk.order.id, seat_id) or abort(404)


def _invite_form(seat: Registration, **values: Any) -> InviteForm:
    return InviteForm(prefix=f"seat-{seat.id}-", **values)


def _shown(seat: Registration, *, now: datetime, form: InviteForm | None) -> SeatShown:
    day = seat.study_day
    may_change = rules.may_change(status=seat.status, day_status=day.status, until=day.names_change_until, now=now)
    return SeatShown(
        seat=seat,
        may_change=may_change,
        may_write=may_change and rules.may_write_again(last=seat.written_at, now=now),
        form=form or _invite_form(seat, formdata=None, email=seat.invited_email),
    )


def _person_page(
    desk: Desk, seat: Registration, wanted: str, write: Callable[[PersonForm], Registration]
) -> ResponseReturnValue:
    corrects = wanted == "correct"
    sees = desk.sees_needs and not (corrects and desk.is_kept_from(seat))
    answered = queries.values_of_seat(seat.id, with_sensitive=sees) if corrects else {}
    form = PersonForm(obj=seat if corrects else None, answers=answered)
    asked = study_days.questions_asked([seat.study_day_id]).get(seat.study_day_id, [])
    form.ask(queries.person_questions(asked, with_sensitive=sees), require=not desk.is_office)
    if wanted == "name" and not form.is_submitted():
        form.email.data = seat.invited_email
    if not sees:
        del form.access_needs
    before = seat.name
    if not form.validate_on_submit():
        return _form_page(desk, seat, wanted, form, before=before, status=422 if form.errors else 200)
    try:
        fresh = write(form)
    except Refusal as refusal:
        form.show_refusal(refusal)
        return _form_page(desk, seat, wanted, form, before=before, status=refusal.status)
    flash(_told(wanted, fresh, before=before), "success")
    return redirect(desk.url("people", _anchor=f"seat-{fresh.id}"), 303)


def _form_page(desk: Desk, seat: Registration, wanted: str, form: PersonForm, *, before: str, status: int) -> Response:
    now, day = clock.now(), seat.study_day
    page = render_template(
        "registrations/person.html",
        desk=desk,
        order=desk.order,
        seat=seat,
        day=day,
        wanted=wanted,
        before=before,
        form=form,
        may_change=rules.may_change(status=seat.status, day_status=day.status, until=day.names_change_until, now=now),
    )
    return private(make_response(page, status))


def _told(wanted: str, seat: Registration, *, before: str) -> str:
    if wanted == "replace":
        return str(_("%(name)s remplace %(before)s ; chacun reçoit un courriel.", name=seat.name, before=before))
    if wanted == "correct":
        return str(_("Les coordonnées de %(name)s sont corrigées.", name=seat.name))
    if seat.has_ticket:
        return str(_("La place est à %(name)s ; son billet est parti à %(email)s.", name=seat.name, email=seat.email))
    return str(_("La place est à %(name)s ; le billet partira quand elle sera confirmée.", name=seat.name))
