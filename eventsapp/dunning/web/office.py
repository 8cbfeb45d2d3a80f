"""Reminders in the office: what is late by age, one order's reminders, pauses, steps and rates."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.dunning import papers, queries, rules, service
from eventsapp.dunning.errors import AlreadySent
from eventsapp.dunning.web.forms import PauseForm, RateForm, StepForm
from eventsapp.dunning.web.site import paper
from eventsapp.office import lists
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments

blueprint = Blueprint("dunning_office", __name__, url_prefix="/organisation")


@blueprint.get("/relances/")
@requires(Permission.ORDERS_VIEW)
def claims() -> ResponseReturnValue:
    """List what is late, by age."""
    today = clock.local_date(clock.now())
    return lists.answer(
        queries.claim_list(today=today),
        template="dunning/office/claims.html",
        row_url=lambda row: url_for(".order", reference=row.Order.reference),
        missing=rules.missing_rate(queries.rates(), today=today),
    )


@blueprint.get("/commandes/<reference>/relances/")
@requires(Permission.ORDERS_VIEW)
def order(reference: str) -> ResponseReturnValue:
    """Show what was sent about an order, what comes next, and what late payment costs a public body."""
    found = _found(reference)
    return _page(found, _pause_form(found))


@blueprint.post("/commandes/<reference>/relances/envoyer/")
@requires(Permission.PAYMENTS_RECORD)
def send(reference: str) -> ResponseReturnValue:
    """Send the next reminder now, the one that the page showed."""
    shown = request.form.get("step", "")
    step = int(shown) if shown.isdecimal() and len(shown) < 4 else 0
    try:
        sent = service.send_now(_found(reference).id, step=step, actor=current_user, now=clock.now())
    except AlreadySent as refusal:
        flash(refusal.message, "info")
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("« %(title)s » est partie.", title=queries.letter_of(sent).title), "success")
    return _back(reference)


@blueprint.post("/commandes/<reference>/relances/suspendre/")
@requires(Permission.PAYMENTS_RECORD)
def pause(reference: str) -> ResponseReturnValue:
    """Send no reminder up to a day."""
    found = _found(reference)
    form = _pause_form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422
    service.pause(
        found,
        until=form.until.data,
        reason=form.reason.data,
        whole_customer=bool(form.whole_customer and form.whole_customer.data),
        actor=current_user,
        now=clock.now(),
    )
    flash(_("Les relances sont suspendues."), "success")
    return _back(reference)


@blueprint.post("/commandes/<reference>/relances/suspensions/<int:key>/lever/")
@requires(Permission.PAYMENTS_RECORD)
def lift(reference: str, key: int) -> ResponseReturnValue:
    """End a pause."""
    found = _found(reference)
    paused = next((row for row in queries.pauses_of(found) if row.id == key), None)
    if paused is not None:
        service.lift(found, paused, actor=current_user, now=clock.now())
        flash(_("La suspension est levée."), "success")
    return _back(reference)


@blueprint.get("/commandes/<reference>/relances/<int:number>.pdf")
@requires(Permission.ORDERS_VIEW)
def letter(reference: str, number: int) -> ResponseReturnValue:
    """Give the letter of a reminder as it was sent."""
    return paper(queries.reminder(_found(reference).id, number) or abort(404))


@blueprint.get("/commandes/<reference>/relances/apercu.pdf")
@requires(Permission.ORDERS_VIEW)
def preview(reference: str) -> ResponseReturnValue:
    """Give the letter of the next reminder as it would go today; nothing is sent or kept."""
    said = service.preview(_found(reference), now=clock.now()) or abort(404)
    response = make_response(papers.letter_pdf(said))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="apercu-relance-{said.reference}.pdf"'
    return response


@blueprint.get("/relances/etapes/")
@requires(Permission.PAYMENTS_RECORD)
def steps() -> ResponseReturnValue:
    """List the reminders of each payment method, and the methods that have none though money is awaited."""
    known = queries.all_steps()
    methods = payments.all_methods()
    reminded = {step.method for step in known}
    return render_template(
        "dunning/office/steps.html",
        groups=[
            (method, [step for step in known if step.method == method.code])
            for method in methods
            if method.confirms_seat
        ],
        reminded=[method for method in methods if method.code in reminded],
        level_words=queries.LEVEL_WORDS,
        start_words=queries.START_WORDS,
    )


@blueprint.post("/relances/etapes/<slug:code>/reprendre/")
@requires(Permission.PAYMENTS_RECORD)
def copy_steps(code: str) -> ResponseReturnValue:
    """Have a method without reminders reminded as another is."""
    method = payments.method_or_none(code) or abort(404)
    try:
        service.copy_steps(method, like=request.form.get("like", ""), actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.errors["/reminders_like"], "error")
    else:
        flash(_("« %(name)s » a maintenant ses relances : relisez-les.", name=method.local_name), "success")
    return redirect(url_for(".steps", _anchor=f"method-{method.code}"), 303)


@blueprint.route("/relances/etapes/<int:key>/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def step(key: int) -> ResponseReturnValue:
    """Edit when a reminder goes and what it says."""
    found = queries.step_by_key(key) or abort(404)
    form = StepForm(obj=found)
    if not form.validate_on_submit():
        if request.method == "GET":
            form.counted_from.data, form.level.data = found.counted_from.value, found.level.value
        page = render_template("dunning/office/step.html", step=found, form=form, method=payments.method(found.method))
        return page, 422 if form.errors else 200
    service.save_step(found, form.draft(), actor=current_user, now=clock.now())
    flash(_("La relance est enregistrée ; celles qui sont parties ne changent pas."), "success")
    return redirect(url_for(".steps"), 303)


@blueprint.route("/relances/taux/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def rates() -> ResponseReturnValue:
    """Show the rates of interest by half-year, and add or mend one."""
    form = RateForm()
    if not form.validate_on_submit():
        known = queries.rates()
        page = render_template(
            "dunning/office/rates.html",
            form=form,
            rates=known,
            missing=rules.missing_rate(known, today=clock.local_date(clock.now())),
        )
        return page, 422 if form.errors else 200
    service.save_rate(form.rate(), actor=current_user, now=clock.now())
    flash(_("Le taux est enregistré."), "success")
    return redirect(url_for(".rates"), 303)


def _found(reference: str) -> Order:
    return orders.by_reference(reference) or abort(404)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".order", reference=reference), 303)


def _pause_form(found: Order) -> PauseForm:
    return PauseForm(today=clock.local_date(clock.now()), customer_known=queries.customer_of(found) is not None)


def _page(found: Order, form: PauseForm) -> str:
    today = clock.local_date(clock.now())
    claim = queries.claim_of(found.id)
    plan = queries.planned_of(found.payment_method, claim) if claim else None
    pauses = [row for row in queries.pauses_of(found) if row.until >= today]
    return render_template(
        "dunning/office/order.html",
        order=found,
        claim=claim,
        planned=plan,
        may_be_sent=bool(plan and claim and claim.due_on < today and not pauses and not found.is_test),
        reminders=[(row, queries.letter_of(row)) for row in queries.reminders_of(found.id)],
        pauses=pauses,
        interest=queries.interest_of(found, today=today),
        form=form,
        today=today,
    )
