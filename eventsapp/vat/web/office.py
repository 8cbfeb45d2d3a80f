"""Rates of tax in the office: the categories, one of them with its rates, a new one."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.core import clock, i18n
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.office import lists, refusals
from eventsapp.vat import queries, service
from eventsapp.vat.models import VatCategory
from eventsapp.vat.values import STANDARD
from eventsapp.vat.web.forms import CategoryForm, NewCategoryForm, RateForm

blueprint = Blueprint("vat_office", __name__, url_prefix="/organisation/tva")
#: Lines of the history shown beside a category.
_LAST = 12


@blueprint.get("/")
@requires(Permission.VAT_EDIT)
def categories() -> ResponseReturnValue:
    """List the categories with the rates in force."""
    return lists.answer(
        queries.category_list(today=clock.local_date(clock.now())),
        template="vat/office/categories.html",
        row_url=lambda row: url_for(".category", code=row.code),
    )


@blueprint.route("/nouvelle/", methods=["GET", "POST"])
@requires(Permission.VAT_EDIT)
def new_category() -> ResponseReturnValue:
    """Write a category with its first rate."""
    form = NewCategoryForm()
    if not form.validate_on_submit():
        return render_template("vat/office/new.html", form=form), 422 if form.errors else 200
    try:
        added = service.add_category(
            form.draft(), rate=form.hundredths, valid_from=form.valid_from.data, actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("vat/office/new.html", form=form), refusal.status
    flash(_("« %(name)s » est enregistrée.", name=added.local_name), "success")
    return redirect(url_for(".category", code=added.code), 303)


@blueprint.route("/<slug:code>/", methods=["GET", "POST"])
@requires(Permission.VAT_EDIT)
def category(code: str) -> ResponseReturnValue:
    """Change what a category says; its rates have a form of their own."""
    found = _category(code)
    form = CategoryForm(obj=found)
    if not form.validate_on_submit():
        return _page(found, form, RateForm(formdata=None)), 422 if form.errors else 200
    try:
        service.edit_category(found, form.draft(), version=form.read_version, actor=current_user, now=clock.now())
    except Conflict as refusal:
        refusals.show_conflict(form, kind="vat_category", key=found.id, version=found.version)
        return _page(found, form, RateForm(formdata=None)), refusal.status
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form, RateForm(formdata=None)), refusal.status
    told = _("« %(name)s » est enregistrée. Les commandes déjà passées gardent leur TVA.", name=found.local_name)
    flash(told, "success")
    return redirect(url_for(".category", code=code), 303)


@blueprint.post("/<slug:code>/taux/")
@requires(Permission.VAT_EDIT)
def add_rate(code: str) -> ResponseReturnValue:
    """Let another rate be in force from a day on."""
    found = _category(code)
    form = RateForm()
    if not form.validate_on_submit():
        return _page(found, CategoryForm(obj=found, formdata=None), form), 422
    try:
        service.add_rate(
            found,
            rate=form.hundredths,
            valid_from=form.begins,
            knowingly=form.knowingly.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, CategoryForm(obj=found, formdata=None), form), refusal.status
    told = _("%(rate)s à partir du %(date)s.", rate=i18n.percent(form.hundredths), date=i18n.date_long(form.begins))
    flash(told, "success")
    return redirect(url_for(".category", code=code), 303)


@blueprint.post("/<slug:code>/taux/<int:rate_id>/retirer/")
@requires(Permission.VAT_EDIT)
def remove_rate(code: str, rate_id: int) -> ResponseReturnValue:
    """Take back a rate that is not in force yet."""
    found = _category(code)
    try:
        service.remove_rate(found, rate_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("Ce taux ne viendra pas."), "success")
    return redirect(url_for(".category", code=code), 303)


@blueprint.post("/<slug:code>/supprimer/")
@requires(Permission.VAT_EDIT)
def delete(code: str) -> ResponseReturnValue:
    """Delete a category that never served."""
    found = _category(code)
    name = found.local_name
    try:
        service.remove_category(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".category", code=code), 303)
    flash(_("« %(name)s » est supprimée.", name=name), "success")
    return redirect(url_for(".categories"), 303)


def _category(code: str) -> VatCategory:
    return queries.category(code) or abort(404)


def _page(found: VatCategory, form: CategoryForm, rate_form: RateForm) -> str:
    today = clock.local_date(clock.now())
    return render_template(
        "vat/office/category.html",
        category=found,
        form=form,
        rate_form=rate_form,
        rates=found.rates,
        in_force=max((rate.valid_from for rate in found.rates if rate.valid_from <= today), default=None),
        today=today,
        may_go=found.code != STANDARD and not queries.is_used(found.code),
        history=audit.history_of("vat_category", found.id, most=_LAST),
    )
