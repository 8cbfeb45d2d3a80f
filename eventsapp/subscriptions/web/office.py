"""Subscribers and plans in the office."""

from datetime import date, datetime
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.audit.models import AuditEntry
from eventsapp.core import clock, french
from eventsapp.core.errors import Refusal
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.office import components as parts
from eventsapp.office import lists, refusals
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import GIVEN, Audience, ContractKind, Edition, ReminderKind
from eventsapp.subscriptions.values import PlanDraft
from eventsapp.subscriptions.web.forms import GrantForm, PlanForm
from eventsapp.vat import queries as vat

blueprint = Blueprint("subscriptions_office", __name__, url_prefix="/organisation")
#: What a new plan is, until somebody says otherwise.
_PRESS = "press"


@blueprint.get("/abonnes/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def contracts() -> ResponseReturnValue:
    """List the subscriptions."""
    return lists.answer(
        queries.contract_list(today=clock.local_date(clock.now())),
        template="subscriptions/office/contracts.html",
        row_url=lambda row: url_for(".contract", contract_id=row.Contract.id),
    )


@blueprint.route("/abonnes/nouveau/", methods=["GET", "POST"])
@requires(Permission.SUBSCRIPTIONS_EDIT)
def grant() -> ResponseReturnValue:
    """Give a subscription: complimentary, or to try."""
    form = GrantForm(kind=ContractKind.COMPLIMENTARY.value, tell=True)
    form.offer(queries.plans())
    if not form.validate_on_submit():
        return render_template("subscriptions/office/grant.html", form=form), 422 if form.errors else 200
    plan = queries.plan(form.plan.data) or abort(404)
    try:
        given = subscriptions.grant(plan, form.grant(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("subscriptions/office/grant.html", form=form), refusal.status
    flash(_("L’abonnement de %(email)s est ouvert.", email=given.email), "success")
    return redirect(url_for(".contract", contract_id=given.id), 303)


@blueprint.get("/abonnes/<int:contract_id>/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def contract(contract_id: int) -> ResponseReturnValue:
    """Show one subscription: why it is there, its chain, its gift, what its reader was told."""
    found = _contract(contract_id)
    today = clock.local_date(clock.now())
    return render_template(
        "subscriptions/office/contract.html",
        contract=found,
        gift=queries.gift_of(found.id) if found.kind is ContractKind.GIFT else None,
        renewal=queries.renewal_of(found.id),
        reminders=queries.reminders_of(found.id),
        agreement=queries.agreement_of(found.id),
        announced=queries.card_renewal(found),
        charge_on=rules.charge_day(ends_on=found.ends_on) if found.ends_on else None,
        end_words=queries.END_WORDS,
        charge_words=queries.CHARGE_WORDS,
        charge_reason_words=queries.CHARGE_REASON_WORDS,
        planned=_planned(found, today=today),
        is_given=found.kind in GIVEN,
        journal=_journal(found),
        kind_words=queries.KIND_WORDS,
        state_words=partial(queries.state_words, today=today),
        gift_words=queries.GIFT_WORDS,
        reminder_words=queries.REMINDER_WORDS,
        today=today,
        counts=queries.member_counts(found.readership_id) if found.readership_id else None,
    )


@blueprint.post("/abonnes/<int:contract_id>/rappels/<any(oui, non):wanted>/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def reminders(contract_id: int, wanted: str) -> ResponseReturnValue:
    """Let the reader of one subscription be reminded that it ends, or no more."""
    found = _contract(contract_id)
    subscriptions.set_reminders(found, on=wanted == "oui", actor=current_user, now=clock.now())
    flash(_("Les rappels partiront.") if found.reminders else _("Aucun rappel ne partira plus."), "success")
    return redirect(url_for(".contract", contract_id=found.id), 303)


@blueprint.post("/abonnes/<int:contract_id>/carte/arreter/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def stop_card(contract_id: int) -> ResponseReturnValue:
    """Let no card renew one subscription any more, as its reader asked by telephone or mail."""
    agreement = queries.agreement_of(contract_id) or abort(404)
    try:
        subscriptions.stop_card(agreement.id, actor=current_user, now=clock.now())
        flash(_("Le renouvellement par carte est arrêté ; le lecteur en reçoit la confirmation."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".contract", contract_id=contract_id), 303)


@blueprint.post("/abonnes/<int:contract_id>/terminer/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def end(contract_id: int) -> ResponseReturnValue:
    """End a subscription that the office gave."""
    found = _contract(contract_id)
    try:
        subscriptions.end(found.id, actor=current_user, now=clock.now())
        flash(_("L’abonnement est terminé."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".contract", contract_id=found.id), 303)


@blueprint.get("/formules/")
@requires(Permission.PLANS_EDIT)
def plans() -> ResponseReturnValue:
    """List the plans."""
    return lists.answer(
        queries.plan_list(),
        template="subscriptions/office/plans.html",
        row_url=lambda plan: url_for(".plan", slug=plan.slug),
    )


@blueprint.route("/formules/nouvelle/", methods=["GET", "POST"])
@requires(Permission.PLANS_EDIT)
def new_plan() -> ResponseReturnValue:
    """Write a plan."""
    return _edit(None)


@blueprint.route("/formules/<slug>/", methods=["GET", "POST"])
@requires(Permission.PLANS_EDIT)
def plan(slug: str) -> ResponseReturnValue:
    """Change a plan."""
    return _edit(queries.any_plan(slug) or abort(404))


def _edit(plan: Plan | None) -> ResponseReturnValue:
    form = PlanForm(data=_values(plan))
    parts.offer(form, vat.choices(vat.tariff(), on=clock.local_date(clock.now())))
    if not form.validate_on_submit():
        return render_template("subscriptions/office/plan.html", plan=plan, form=form), 422 if form.errors else 200
    saved = subscriptions.save_plan(plan, form.draft(), actor=current_user, now=clock.now())
    flash(_("La formule « %(name)s » est enregistrée.", name=saved.name), "success")
    return redirect(url_for(".plans"), 303)


def _values(plan: Plan | None) -> dict[str, object]:
    if plan is None:
        return {
            "audience": Audience.INDIVIDUAL.value,
            "edition": Edition.BOTH.value,
            "months": 12,
            "readers": 1,
            "copies": 1,
            "vat_category": _PRESS,
            "position": 1,
            "published": True,
        }
    values = {name: getattr(plan, name) for name in PlanDraft.__dataclass_fields__ if name != "components"}
    made_of = parts.shown([part.value for part in plan.components])
    return values | {"price": french.plain_amount(plan.price_cents)} | made_of


def _journal(found: Contract) -> list[OutgoingMail | AuditEntry]:
    """Return what was written about the subscription and what was done to it, the newest first."""
    told, done = mails.mails_about("contract", found.id), audit.history_of("contract", found.id)
    lines: list[OutgoingMail | AuditEntry] = [*done, *told]
    return sorted(lines, key=_moment, reverse=True)


def _moment(line: OutgoingMail | AuditEntry) -> datetime:
    return line.at if isinstance(line, AuditEntry) else line.created_at


def _planned(found: Contract, *, today: date) -> tuple[ReminderKind, date] | None:
    """Return the next reminder of a contract and its day, if one is to come."""
    if not rules.is_renewable(status=found.status, ends_on=found.ends_on) or not (found.starts_on and found.ends_on):
        return None
    return rules.next_reminder(starts_on=found.starts_on, ends_on=found.ends_on, today=today)


def _contract(contract_id: int) -> Contract:
    return queries.contract(contract_id) or abort(404)
