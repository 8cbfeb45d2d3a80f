"""One's own seat, for whoever has its link: never the others, the order or what it cost."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.attendance import queries as attendance
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.documents import access as documents
from eventsapp.files.reception import take_files
from eventsapp.magazine import access as magazine_access
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.models import Article
from eventsapp.papers import qr
from eventsapp.registrations import queries, rules
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import LinkGone
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import NamedBy, RegistrationStatus
from eventsapp.registrations.web.forms import PersonForm
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import Question
from eventsapp.surveys import queries as surveys

blueprint = Blueprint("seats", __name__, url_prefix="/inscriptions/<secret>")
take_files(blueprint, "fill_in", "edit")


@blueprint.get("/")
def seat(secret: str) -> ResponseReturnValue:
    """Show the seat and its ticket, or the form that says whom it is for."""
    found = queries.seat_for_link(secret)
    if found is None:
        raise LinkGone(
            _(
                "L’adresse a peut-être été coupée dans un courriel, ou la place a été passée à quelqu’un d’autre. "
                "Demandez à la personne qui vous a inscrit."
            )
        )
    form = PersonForm(formdata=None, email=found.invited_email)
    if not found.is_named:
        form.ask(_questions(found))
    return _page(found, form, status=200)


@blueprint.post("/")
@limits.limiter.limit(limits.ORDER)
def fill_in(secret: str) -> ResponseReturnValue:
    """Say whom the seat is for; a second time it says that this was done."""
    found = queries.seat_for_link(secret) or abort(404)
    if found.is_named:
        return redirect(url_for(".seat", secret=secret), 303)
    form = PersonForm()
    form.ask(_questions(found))
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        registrations.name_seat(found, person=form.person(), by=NamedBy.SELF, replies=form.replies(), now=clock.now())
    except Refusal as refusal:
        form.show_refusal(refusal)
        return _page(found, form, status=refusal.status)
    flash(_("Merci, c’est noté."), "success")
    return redirect(url_for(".seat", secret=secret), 303)


@blueprint.route("/modifier/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def edit(secret: str) -> ResponseReturnValue:
    """Correct one's own name and address."""
    found = queries.seat_for_link(secret) or abort(404)
    if not found.is_named or not _may_change(found):
        return redirect(url_for(".seat", secret=secret), 303)
    form = PersonForm(obj=found, answers=queries.values_of_seat(found.id))
    form.ask(_questions(found))
    if not form.validate_on_submit():
        return _edit_page(found, form, status=422 if form.errors else 200)
    try:
        registrations.correct_seat(
            found, person=form.person(), by=NamedBy.SELF, replies=form.replies(), now=clock.now()
        )
    except Refusal as refusal:
        form.show_refusal(refusal)
        return _edit_page(found, form, status=refusal.status)
    flash(_("Vos coordonnées sont à jour."), "success")
    return redirect(url_for(".seat", secret=secret), 303)


def _questions(found: Registration) -> list[Question]:
    asked = study_days.questions_asked([found.study_day_id]).get(found.study_day_id, [])
    return queries.person_questions(asked, with_sensitive=True)


def _may_change(found: Registration) -> bool:
    day = found.study_day
    return rules.may_change(status=found.status, day_status=day.status, until=day.names_change_until, now=clock.now())


def _page(found: Registration, form: PersonForm, *, status: int) -> Response:
    asks_opinion = surveys.open_to(found, now=clock.now()) is not None
    page = render_template(
        "registrations/seat.html",
        seat=found,
        day=found.study_day,
        is_over=found.study_day.ends_at <= clock.now(),
        registered_by=found.order_line.order.buyer_name,
        may_change=_may_change(found),
        certificate=attendance.standing_certificate(found.id) if found.status is RegistrationStatus.ATTENDED else None,
        code=qr.svg(found.ticket_code) if found.is_named and found.has_ticket else "",
        form=form,
        documents=study_days.documents_of_day(found.study_day_id) if found.is_named and found.has_ticket else (),
        open_to=documents.audiences(found.study_day_id, None, seat=found, now=clock.now()),
        asks_opinion=asks_opinion,
        gave_opinion=asks_opinion and surveys.has_answered(found.id),
        answers=queries.answers_of_seat(found.id) if found.is_named else (),
        reports=_reports(found),
        files_to_give=_files_to_give(found),
    )
    return private(make_response(page, status))


def _edit_page(found: Registration, form: PersonForm, *, status: int) -> Response:
    page = render_template("registrations/edit.html", seat=found, day=found.study_day, form=form)
    return private(make_response(page, status))


def _files_to_give(found: Registration) -> list[Question]:
    """Return the questions whose file is still to be given, while it can be."""
    if not found.is_named or not _may_change(found):
        return []
    return [asked for seat, asked in queries.files_awaited(found.order_line.order_id) if seat.id == found.id]


def _reports(found: Registration) -> list[tuple[Article, str]]:
    """Return the reports of the day, each with the key by which whoever has the seat reads it."""
    if not found.is_named or not found.has_ticket:
        return []
    return [
        (article, magazine_access.participant_key(found, article))
        for article in magazine.reports_of_day(found.study_day_id)
        if magazine_access.reads_report(found, article)
    ]
