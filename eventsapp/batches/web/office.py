"""Actions on many registrations in the office: say what follows, ask for it, take it back, see what became of it."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import OFFICE_PREFIX, Permission, may, requires
from eventsapp.batches import queries, rules, service
from eventsapp.batches.access import NEEDED, TITLES
from eventsapp.batches.models import Batch
from eventsapp.batches.statuses import DEFERRED, PRESENCES, BatchAction, BatchStatus
from eventsapp.batches.web.forms import BatchForm
from eventsapp.core import clock, i18n, listing
from eventsapp.core.errors import Refusal
from eventsapp.core.listing import Listing
from eventsapp.office import lists, refusals
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("batches_office", __name__, url_prefix="/organisation/inscriptions/actions")

#: Files of a selection, by the value of the menu.
_FILES = {"xlsx": "xlsx", "csv": "csv"}
#: The largest key of a row that a database knows.
_LARGEST_KEY = 2**31 - 1
#: Names shown of those concerned, and of those who are not.
_NAMES = 12


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def choose() -> ResponseReturnValue:
    """Say what follows of an action on the chosen registrations, or give their file."""
    back = _back(request.args.get("retour", ""))
    wanted = request.args.get("action", "")
    kind = _FILES.get(wanted)
    if kind is None and wanted not in set(BatchAction):
        flash(_("Choisissez une action."), "error")
        return redirect(back, 303)
    if kind is None and not may(NEEDED[BatchAction(wanted)]):
        abort(403)
    described, parameters = _list_asked()
    everything = "tout" in request.args
    if kind is not None and everything:
        return lists.file_of(described, parameters, kind=kind)
    keys = _chosen_of_all(described, parameters) if everything else _keys(request.args.getlist("choisi"))
    if not keys:
        flash(_("Cochez au moins une inscription."), "error")
        return redirect(back, 303)
    if kind is not None:
        return lists.file_of(registrations.only(described, keys), parameters, kind=kind)
    if len(keys) > rules.MOST:
        flash(
            _("Au plus %(count)s inscriptions à la fois : cherchez ou filtrez.", count=i18n.number(rules.MOST)), "error"
        )
        return redirect(back, 303)
    form = BatchForm(formdata=None, action=wanted, keys=",".join(map(str, keys)), origin=back)
    return _confirm_page(form, BatchAction(wanted), keys)


@blueprint.post("/")
@requires(Permission.REGISTRATIONS_VIEW)
def ask() -> ResponseReturnValue:
    """Do it, or let the worker do it in a minute."""
    form = BatchForm()
    keys = _keys((form.keys.data or "").split(","))
    if form.action.data not in set(BatchAction) or not keys or len(keys) > rules.MOST:
        flash(_("Cochez au moins une inscription."), "error")
        return redirect(_back(form.origin.data or ""), 303)
    action = BatchAction(form.action.data)
    if not may(NEEDED[action]):
        abort(403)
    if not form.validate_on_submit():
        return _confirm_page(form, action, keys), 422
    try:
        done = service.ask(
            action,
            keys,
            form_key=form.key.data,
            reason=form.reason.data or "",
            origin=_back(form.origin.data or ""),
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _confirm_page(form, action, keys), refusal.status
    if done.action is BatchAction.MESSAGE:
        return redirect(url_for("mailings_office.new", selection=done.id), 303)
    return redirect(url_for(".batch", batch_id=done.id), 303)


@blueprint.get("/<int:batch_id>/")
@requires(Permission.REGISTRATIONS_VIEW)
def batch(batch_id: int) -> ResponseReturnValue:
    """Show of how many it was done, of whom not and why, and the way back while there is one."""
    found = queries.batch(batch_id) or abort(404)
    return lists.answer(
        queries.item_list(batch_id),
        template="batches/office/batch.html",
        row_url=lambda item: url_for("registration_card.registration", registration_id=item.registration_id),
        batch=found,
        title=TITLES[found.action],
        counts=queries.counts_of(batch_id),
        undoable=_is_undoable(found) and may(NEEDED[found.action]),
        back=_back(found.origin),
    )


@blueprint.post("/<int:batch_id>/reprendre/")
@requires(Permission.REGISTRATIONS_VIEW)
def undo(batch_id: int) -> ResponseReturnValue:
    """Take it back."""
    found = queries.batch(batch_id) or abort(404)
    if not may(NEEDED[found.action]):
        abort(403)
    try:
        service.undo(batch_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("C’est repris."), "success")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


def _is_undoable(found: Batch) -> bool:
    if found.action in DEFERRED:
        return found.status is BatchStatus.PLANNED and found.starts_at is not None and clock.now() < found.starts_at
    return found.action in PRESENCES and found.status is BatchStatus.DONE


def _list_asked() -> tuple[Listing, dict[str, str]]:
    """Return the list that the registrations are chosen from, and what its address asked."""
    slug = request.args.get("journee", "")
    day = (study_days.any_day(slug) or abort(404)) if slug else None
    needs = may(Permission.REGISTRATIONS_NEEDS)
    asked = registrations.person_questions(study_days.questions_of(day.id), with_sensitive=needs) if day else []
    described = registrations.registration_list(
        methods=payments.method_names(),
        study_day_id=day.id if day else None,
        with_needs=needs,
        questions=asked,
        with_answers=bool(asked),
    )
    return described, dict(parse_qsl(request.args.get("filtre", "")))


def _chosen_of_all(described: Listing, parameters: Mapping[str, str]) -> Sequence[int]:
    return listing.selected_keys(described, listing.read(described, parameters), most=rules.MOST + 1)


def _keys(texts: Sequence[str]) -> list[int]:
    keys = (int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 11)
    return [key for key in dict.fromkeys(keys) if key <= _LARGEST_KEY]


def _back(address: str) -> str:
    """Return the address of the list to go back to; a page elsewhere is none."""
    plain = address.startswith(OFFICE_PREFIX) and "\\" not in address and len(address) <= 1000
    return address if plain else url_for("registrations_office.registrations")


def _confirm_page(form: BatchForm, action: BatchAction, keys: Sequence[int]) -> str:
    planned = service.plan(action, keys, now=clock.now())
    return render_template(
        "batches/office/confirm.html",
        form=form,
        plan=planned,
        title=TITLES[action],
        names=[seat.name for seat in planned.seats[:_NAMES]],
        more=max(0, len(planned.seats) - _NAMES),
        back=_back(form.origin.data or ""),
        deferred=action in DEFERRED,
    )
