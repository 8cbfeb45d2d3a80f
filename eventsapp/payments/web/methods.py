"""Payment methods in the office: the list, one of them with its preview, a new one, and the end of one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.audit import queries as audit
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.core.texts import from_address
from eventsapp.dunning import queries as dunning
from eventsapp.office import lists, refusals
from eventsapp.payments import queries, service
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.web.method_forms import MethodForm, values_of
from eventsapp.payments.web.method_story import previews, story

#: Characters of a method's code.
_LONGEST_CODE = 40
blueprint = Blueprint("payment_methods_office", __name__, url_prefix="/organisation/reglements/modes")
#: Lines of the history shown beside a method.
_LAST = 8


@blueprint.get("/")
@requires(Permission.PAYMENT_METHODS_EDIT)
def methods() -> ResponseReturnValue:
    """List the methods, and say where nobody could pay."""
    offered = queries.enabled_methods()
    return lists.answer(
        queries.method_list(),
        template="payments/office/methods.html",
        row_url=lambda row: url_for(".method", code=row.PaymentMethod.code),
        closed_days=min((method.closes_days_before for method in offered), default=0),
        unplugged=[method.local_name for method in queries.all_methods() if method.enabled and method not in offered],
    )


@blueprint.route("/nouveau/", methods=["GET", "POST"])
@requires(Permission.PAYMENT_METHODS_EDIT)
def new_method() -> ResponseReturnValue:
    """Write a method, from nothing or from another one (``modele``)."""
    others = queries.all_methods()
    copied = queries.method_or_none(from_address(request.args.get("modele", ""), longest=_LONGEST_CODE))
    reminded = dunning.methods_with_steps()
    values = values_of(copied, place=len(others) + 1)
    if copied is not None:
        values |= {
            "name": _("%(name)s (copie)", name=copied.name),
            "name_en": f"{copied.name_en} (copy)",
            "reminders_like": copied.code if copied.code in reminded else "",
        }
    form = MethodForm(data=values)
    form.offer(others)
    form.offer_reminders({method.code: method.local_name for method in others if method.code in reminded})
    if "preview" in request.form:
        return _page(None, form, copied=copied)
    if not form.validate_on_submit() or not form.is_sure():
        return _page(None, form, copied=copied), 422 if form.errors else 200
    try:
        added = checkout.add_payment_method(
            form.draft(),
            place=form.place.data,
            reminders_like=form.reminders_like.data or "",
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(None, form, copied=copied), refusal.status
    flash(_("« %(name)s » est enregistré.", name=added.local_name), "success")
    return redirect(url_for(".methods"), 303)


@blueprint.route("/<slug:code>/", methods=["GET", "POST"])
@requires(Permission.PAYMENT_METHODS_EDIT)
def method(code: str) -> ResponseReturnValue:
    """Change a method: what it says from now on."""
    found = queries.method_or_none(code) or abort(404)
    others = [other for other in queries.all_methods() if other.id != found.id]
    before = sum(other.position < found.position for other in others)
    form = MethodForm(data=values_of(found, place=before + 1))
    form.offer(others)
    if "preview" in request.form:
        return _page(found, form)
    if not form.validate_on_submit() or not form.is_sure():
        return _page(found, form), 422 if form.errors else 200
    try:
        service.edit_method(
            found,
            form.draft(),
            place=form.place.data,
            version=form.read_version,
            actor=current_user,
            now=clock.now(),
        )
    except Conflict as refusal:
        refusals.show_conflict(form, kind="payment_method", key=found.id, version=found.version)
        return _page(found, form), refusal.status
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form), refusal.status
    flash(
        _("« %(name)s » est enregistré. Les commandes déjà passées gardent leurs dates.", name=found.local_name),
        "success",
    )
    return redirect(url_for(".methods"), 303)


@blueprint.post("/<slug:code>/supprimer/")
@requires(Permission.PAYMENT_METHODS_EDIT)
def delete(code: str) -> ResponseReturnValue:
    """Delete a method that never served."""
    found = queries.method_or_none(code) or abort(404)
    name = found.local_name
    try:
        service.remove_method(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(next(iter(refusal.errors.values()), refusal.message), "error")
        return redirect(url_for(".method", code=code), 303)
    flash(_("« %(name)s » est supprimé.", name=name), "success")
    return redirect(url_for(".methods"), 303)


@blueprint.post("/apercu/")
@requires(Permission.PAYMENT_METHODS_EDIT)
def preview() -> ResponseReturnValue:
    """Answer with how the method in the form would read."""
    return render_template("payments/office/_method_preview.html", **_reading(MethodForm()))


def _page(found: PaymentMethod | None, form: MethodForm, *, copied: PaymentMethod | None = None) -> str:
    uses = queries.uses_of(found) if found else None
    return render_template(
        "payments/office/method.html",
        method=found,
        copied=copied,
        form=form,
        uses=uses,
        steps=len(dunning.steps_of(found.code)) if found else 0,
        history=audit.history_of("payment_method", found.id, most=_LAST) if found else (),
        may_see_orders=may(Permission.ORDERS_VIEW),
        **_reading(form),
    )


def _reading(form: MethodForm) -> dict[str, object]:
    draft = form.draft()
    return {"previews": previews(draft), "story": story(draft, today=clock.local_date(clock.now()))}
