"""Quotes in the office: the list, one of them, and making one for a customer."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item, Subscription
from eventsapp.checkout.web import ordering, siret_fields
from eventsapp.checkout.web.forms import OrderForm, RegistrationForm
from eventsapp.checkout.web.quotes import paper
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.files.reception import take_files
from eventsapp.invoices import queries
from eventsapp.invoices.models import QuoteRecord
from eventsapp.mail import queries as mails
from eventsapp.office import lists
from eventsapp.payments import queries as payments
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Plan

blueprint = Blueprint("quotes_office", __name__, url_prefix="/organisation/devis")
take_files(blueprint, "for_day")


@blueprint.get("/")
@requires(Permission.ORDERS_VIEW)
def quotes() -> ResponseReturnValue:
    """List the quotes."""
    return lists.answer(
        queries.quote_list(today=clock.local_date(clock.now())),
        template="checkout/office/quotes.html",
        row_url=lambda row: url_for(".quote", reference=row.reference),
        nav="quotes",
    )


@blueprint.get("/<reference>/")
@requires(Permission.ORDERS_VIEW)
def quote(reference: str) -> ResponseReturnValue:
    """Show one quote, its link and its mail."""
    found = _found(reference)
    return render_template(
        "checkout/office/quote.html",
        quote=found,
        content=queries.quote_content(found),
        state=found.state(clock.local_date(clock.now())),
        words=queries.QUOTE_WORDS,
        method=payments.method(found.payment_method),
        mails=mails.mails_about("quote", found.id),
    )


@blueprint.get("/<reference>/devis.pdf")
@requires(Permission.ORDERS_VIEW)
def pdf(reference: str) -> ResponseReturnValue:
    """Give the quote as PDF."""
    return paper(_found(reference))


@blueprint.get("/nouveau/")
@requires(Permission.ORDERS_EDIT)
def choose() -> ResponseReturnValue:
    """Choose what the quote is about."""
    return render_template(
        "checkout/office/choose.html",
        days=[
            day
            for day in study_days.next_days(now=clock.now(), limit=50)
            # What is called off, or has no date yet, is no offer.
            if day.status is StudyDayStatus.PUBLISHED
        ],
        plans=subscriptions.plans(),
    )


@blueprint.route("/nouveau/journee/<slug>/", methods=["GET", "POST"])
@requires(Permission.ORDERS_EDIT)
def for_day(slug: str) -> ResponseReturnValue:
    """Make a quote for seats at a day."""
    day = study_days.shown_day(slug) or abort(404)
    form = RegistrationForm()
    rearranged = form.rearrange(request.form)
    form.offer(payments.enabled_methods())
    form.offer_day(day, questions=(), now=clock.now())
    if rearranged:
        return _page(form, [form.seats(day)], day=day)
    return _made(form, [form.seats(day)], day=day)


@blueprint.route("/nouveau/formule/<slug>/", methods=["GET", "POST"])
@requires(Permission.ORDERS_EDIT)
def for_plan(slug: str) -> ResponseReturnValue:
    """Make a quote for a subscription."""
    plan = subscriptions.plan(slug) or abort(404)
    form = OrderForm()
    form.offer(payments.enabled_methods())
    items = [Subscription(plan=plan.slug)]
    ordering.offer_paper(form, items)
    return _made(form, items, plan=plan)


def _made(
    form: OrderForm, items: Sequence[Item], *, day: StudyDay | None = None, plan: Plan | None = None
) -> ResponseReturnValue:
    form.want_quote()
    if not siret_fields.fits(form):
        return _page(form, items, day=day, plan=plan), 422 if form.errors else 200
    try:
        made = checkout.make_quote(form.request(items, locale=locale_code()), now=clock.now(), actor=current_user)
    except Refusal as refusal:
        status = ordering.show_refusal(form, refusal)
        return _page(form, items, day=day, plan=plan), status
    flash(_("Le devis est fait ; son lien est parti à %(email)s.", email=made.email), "success")
    return redirect(url_for(".quote", reference=made.reference), 303)


def _page(form: OrderForm, items: Sequence[Item], *, day: StudyDay | None = None, plan: Plan | None = None) -> str:
    return render_template(
        "checkout/office/new_quote.html", form=form, day=day, plan=plan, quote=ordering.running_total(form, items)
    )


def _found(reference: str) -> QuoteRecord:
    return queries.quote_by_reference(reference) or abort(404)
