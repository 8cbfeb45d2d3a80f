"""The terms of sale in the office: every version, the next one, and what an order accepted."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, facts, i18n
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.orders import queries as orders
from eventsapp.terms import queries, service
from eventsapp.terms.values import ConsumerDraft
from eventsapp.terms.web.forms import ConsumerForm, VersionForm

blueprint = Blueprint("terms_office", __name__, url_prefix="/organisation")


@blueprint.get("/conditions-de-vente/")
@requires(Permission.SITE_EDIT)
def versions() -> str:
    """List the versions: which is in force, which come, which were."""
    today = clock.local_date(clock.now())
    return render_template(
        "terms/office/versions.html",
        versions=queries.versions(),
        in_force=queries.version_in_force(today),
        today=today,
    )


@blueprint.get("/conditions-de-vente/<int:number>/")
@requires(Permission.SITE_EDIT)
def version(number: int) -> str:
    """Show a version as it reads, in French and in English."""
    found = queries.by_number(number) or abort(404)
    known = queries.known_facts()
    texts = [queries.as_written(found, locale=locale) for locale in ("fr", "en") if locale == "fr" or found.body_en]
    return render_template(
        "terms/office/version.html",
        version=found,
        texts=[(text, facts.fill(text.body, known, missing=facts.MISSING[text.locale])) for text in texts],
    )


@blueprint.route("/conditions-de-vente/nouvelle/", methods=["GET", "POST"])
@requires(Permission.SITE_EDIT)
def new_version() -> ResponseReturnValue:
    """Write the next version, from the last one."""
    today = clock.local_date(clock.now())
    last = queries.last_number()
    from_last = queries.by_number(last)
    french = queries.as_written(from_last, locale="fr") if from_last else queries.shipped("fr")
    english = (from_last.title_en, from_last.body_en) if from_last else ("", "")
    form = VersionForm(
        after=last,
        in_force_from=today,
        title=french.title,
        body=french.body,
        title_en=english[0],
        body_en=english[1],
    )
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.errors else 200
    try:
        made = service.write_version(form.draft(), after=form.after.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _form_page(form), refusal.status
    flash(
        _(
            "La version %(number)s vaut à partir du %(date)s.",
            number=made.number,
            date=i18n.date_long(made.in_force_from),
        ),
        "success",
    )
    return redirect(url_for(".versions"), 303)


@blueprint.route("/conditions-de-vente/consommateurs/", methods=["GET", "POST"])
@requires(Permission.SITE_EDIT)
def consumers() -> ResponseReturnValue:
    """Edit what consumers may do, and who mediates."""
    kept = queries.consumer_settings()
    form = ConsumerForm(**{name: getattr(kept, name) for name in ConsumerDraft.__dataclass_fields__})
    if not form.validate_on_submit():
        return render_template("terms/office/consumers.html", form=form), 422 if form.errors else 200
    service.save_consumer_settings(form.draft(), actor=current_user, now=clock.now())
    flash(_("C’est enregistré, et vaut dès maintenant."), "success")
    return redirect(url_for(".versions"), 303)


@blueprint.get("/commandes/<reference>/conditions/")
@requires(Permission.ORDERS_VIEW)
def of_order(reference: str) -> str:
    """Show the terms that an order accepted, as its buyer read them."""
    order = orders.by_reference(reference) or abort(404)
    if order.accepted_terms_id is None:
        abort(404)
    return render_template("terms/office/of_order.html", order=order, terms=queries.accepted(order.accepted_terms_id))


def _form_page(form: VersionForm) -> str:
    known = queries.known_facts()
    return render_template(
        "terms/office/new.html",
        form=form,
        names=list(known.items()),
        open_points=facts.open_points(form.body.data or "", known),
    )
