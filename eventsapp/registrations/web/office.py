"""Registrations in the office: the list of all, and of one day."""

from collections.abc import Sequence

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.batches.access import NEEDED, TITLES
from eventsapp.batches.statuses import BatchAction
from eventsapp.core import clock, listing
from eventsapp.core.listing import Listing, State
from eventsapp.core.security_headers import private
from eventsapp.files import delivery
from eventsapp.office import lists
from eventsapp.office import queries as views
from eventsapp.office.bars import Picking, ViewBar
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("registrations_office", __name__, url_prefix="/organisation")

#: Who waits for seats of a day, beside those who have one.
_WAITING = State("liste-d-attente", _l("Liste d’attente"))


@blueprint.get("/inscriptions/")
@requires(Permission.REGISTRATIONS_VIEW)
def registrations() -> ResponseReturnValue:
    """List the registrations to all days."""
    described = queries.registration_list(
        methods=payments.method_names(), with_needs=may(Permission.REGISTRATIONS_NEEDS)
    )
    return lists.answer(described, row_url=_url, picking=_picking(), view_bar=_view_bar(described), nav="registrations")


@blueprint.get("/journees/<slug>/inscriptions/")
@requires(Permission.REGISTRATIONS_TODAY)
def of_day(slug: str) -> ResponseReturnValue:
    """List the registrations to one day; the door sees who is expected at a day that is held today."""
    day = study_days.any_day(slug) or abort(404)
    if not may(Permission.REGISTRATIONS_VIEW):
        return _at_the_door(day)
    needs = may(Permission.REGISTRATIONS_NEEDS)
    asked = queries.person_questions(study_days.questions_of(day.id), with_sensitive=needs)
    described = queries.registration_list(
        methods=payments.method_names(),
        study_day_id=day.id,
        with_needs=needs,
        questions=asked,
        # A column each in the file; on the page only where somebody chose one.
        with_answers=bool(asked) and (lists.FORMAT in request.args or "question-" in request.query_string.decode()),
    )
    if request.args.get("etat") == _WAITING.key:
        return _who_waits(day, described)
    address = url_for(".of_day", slug=slug, etat=_WAITING.key)
    return lists.answer(
        described,
        template="registrations/office/of_day.html",
        row_url=_url,
        picking=_picking(day),
        view_bar=_view_bar(described),
        more_tabs=[(_WAITING.label, address, waiting_list.live_count(day.id), False)],
        day=day,
    )


def _who_waits(day: StudyDay, described: Listing) -> ResponseReturnValue:
    """List who waits for the day, under the tabs of its registrations."""
    asked = listing.read(described, {})
    counts = listing.tab_counts(described, asked)
    of_states = lists.tabs_of(
        described,
        counts,
        address=lambda key: url_for(".of_day", slug=day.slug, etat=key),
        bound=described.count_bound,
        shown=None,
    )
    here = url_for(".of_day", slug=day.slug, etat=_WAITING.key)
    return lists.answer(
        waiting_list.live_list(study_day_id=day.id, state=_WAITING),
        template="registrations/office/of_day.html",
        row_url=lambda row: url_for("waiting_list_office.entry", slug=day.slug, entry_id=row.WaitingEntry.id),
        tabs=[*of_states, (_WAITING.label, here, waiting_list.live_count(day.id), True)],
        day=day,
    )


@blueprint.get("/inscriptions/<int:seat_id>/fichiers/<code>/")
@requires(Permission.REGISTRATIONS_VIEW)
def answered_file(seat_id: int, code: str) -> ResponseReturnValue:
    """Give the file that a participant answered with; a reserved one to those who may know."""
    found = queries.answer_with_file(seat_id, code) or abort(404)
    if found.file is None or (found.question.sensitive and not may(Permission.REGISTRATIONS_NEEDS)):
        abort(404)
    return private(delivery.answer(found.file))


def _at_the_door(day: StudyDay) -> ResponseReturnValue:
    if not day.is_held_at(clock.now()):
        abort(403)
    return lists.answer(
        queries.door_list(study_day_id=day.id), template="registrations/office/of_day.html", with_files=False, day=day
    )


def _picking(day: StudyDay | None = None) -> Picking:
    """Return what whoever looks may do to registrations that they tick."""
    return Picking(
        url=url_for("batches_office.choose"),
        actions=[*_actions(), ("xlsx", _l("Exporter en XLSX")), ("csv", _l("Exporter en CSV"))],
        hidden=[("journee", day.slug)] if day else [],
    )


def _actions() -> Sequence[tuple[str, str]]:
    return [(action.value, TITLES[action]) for action in BatchAction if may(NEEDED[action])]


def _view_bar(described: Listing) -> ViewBar:
    return ViewBar(
        views=views.views_of(described.views, user_id=current_user.id),
        save_url=url_for("views_office.save"),
        manage_url=url_for("views_office.views"),
    )


def _url(registration: Registration) -> str:
    return url_for("registration_card.registration", registration_id=registration.id)
