"""Registration to a day, the basket and the checkout."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import AlreadyInBasket
from eventsapp.checkout.values import Item, Seats, Subscription
from eventsapp.checkout.web import ordering, session, siret_fields
from eventsapp.checkout.web.forms import OrderForm, RegistrationForm
from eventsapp.core import clock, limits, origin
from eventsapp.core.errors import Refusal
from eventsapp.files.reception import take_files
from eventsapp.payments import queries as payments
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import Availability
from eventsapp.subscriptions import queries as subscriptions

blueprint = Blueprint("checkout", __name__)
take_files(blueprint, "register")


@blueprint.route("/journees/<slug>/inscription/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def register(slug: str) -> ResponseReturnValue:
    """Show the form; place the order of a valid one, or put its seats into the basket."""
    day = study_days.shown_day(slug) or abort(404)
    form = _registration_form(day)
    if request.method == "GET":
        return _registration_page(day, form)
    if form.rearrange(request.form):
        _offer_day(form, day)
        return _registration_page(day, form)
    if "basket" in request.form:
        return _put_seats_into_basket(day, form)
    items = _with_basket(form.seats(day))
    wants_quote = "quote" in request.form
    if wants_quote:
        form.want_quote()
    elif ordering.is_taken_off(form, items):
        form.owe_nothing(payments.enabled_methods())
    if "apply_code" in request.form:
        return _registration_page(day, form)
    if form.website.data or not siret_fields.fits(form):
        return _registration_page(day, form), 422
    try:
        return ordering.make_quote(form, items) if wants_quote else ordering.place(form, items)
    except Refusal as refusal:
        status = ordering.show_refusal(form, refusal)
        return _registration_page(day, form, sold_out=isinstance(refusal, SoldOut)), status


@blueprint.post("/journees/<slug>/inscription/total/")
@limits.limiter.limit(limits.SEARCH, exempt_when=lambda: not request.form.get("promo_code"))
def registration_total(slug: str) -> ResponseReturnValue:
    """Answer with the summary of what the form says so far."""
    day = study_days.shown_day(slug) or abort(404)
    form = _registration_form(day, asks=False)
    quote = ordering.running_total(form, _with_basket(form.seats(day)))
    return render_template("checkout/_summary.html", quote=quote, uncovered=checkout.days_beyond_plans(quote))


@blueprint.get("/panier/")
def basket() -> ResponseReturnValue:
    """Show what is in the basket, what it comes to, and where to go on."""
    items, now = session.items(), clock.now()
    quote = checkout.quote(items, buyer_email="", siret="", now=now, strict=False)
    removed = session.removed_item() if "retire" in request.args else None
    return render_template(
        "checkout/basket.html",
        unpaid=session.unpaid_order(now=now),
        items=_shown(items, quote),
        quote=quote,
        uncovered=checkout.days_beyond_plans(quote),
        offer=subscriptions.cheapest_plan(),
        removed=checkout.quote([removed], buyer_email="", siret="", now=now, strict=False) if removed else None,
    )


@blueprint.post("/panier/abonnements/<slug>/")
def add_plan(slug: str) -> ResponseReturnValue:
    """Put a subscription into the basket."""
    if not origin.is_same_site():
        abort(403)
    plan = subscriptions.plan(slug) or abort(404)
    try:
        session.keep(checkout.add_to_basket(session.token(), Subscription(plan=plan.slug), now=clock.now()))
        flash(_("« %(name)s » est dans votre panier.", name=plan.local_name), "success")
    except AlreadyInBasket as refusal:
        flash(refusal.message, "info")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".basket"), 303)


@blueprint.post("/panier/retirer/<int:position>/")
def remove(position: int) -> ResponseReturnValue:
    """Take a line out of the basket, and offer to put it back."""
    token = session.token()
    try:
        if token:
            checkout.remove_from_basket(token, position, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".basket"), 303)
    return redirect(url_for(".basket", retire=1), 303)


@blueprint.post("/panier/remettre/")
def put_back() -> ResponseReturnValue:
    """Put the line that was taken out last back."""
    token = session.token()
    try:
        if token:
            checkout.put_back(token, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".basket"), 303)


@blueprint.route("/commande/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def order() -> ResponseReturnValue:
    """Show the form for what is in the basket; place the order of a valid one."""
    items = session.items()
    if not items:
        if request.method == "POST" or session.token():
            told = _(
                "Rien à commander : votre panier a été vidé ou commandé entre-temps, peut-être dans un autre onglet."
            )
            flash(told, "info")
        return redirect(url_for(".basket"), 303)
    form = OrderForm()
    slugs = _slugs(items)
    methods = payments.methods_for(study_days.starts_of(slugs), now=clock.now())
    given = [item.gift is not None for item in items if not isinstance(item, Seats)]
    form.offer(methods, days=bool(slugs), plans=not all(given), gifts=any(given))
    form.offer_card_renewal(checkout.consent_offered(items), methods)
    ordering.offer_paper(form, items)
    if request.method == "GET":
        return _order_page(form, items)
    wants_quote = "quote" in request.form
    if wants_quote:
        form.want_quote()
    elif ordering.is_taken_off(form, items):
        form.owe_nothing(payments.enabled_methods())
    if "apply_code" in request.form:
        return _order_page(form, items)
    if form.website.data or not siret_fields.fits(form):
        return _order_page(form, items), 422
    try:
        return ordering.make_quote(form, items) if wants_quote else ordering.place(form, items)
    except Refusal as refusal:
        status = ordering.show_refusal(form, refusal)
        return _order_page(form, items), status


def _registration_form(day: StudyDay, *, asks: bool = True) -> RegistrationForm:
    """Return the form of the day; a running total asks nothing of the organiser's."""
    form = RegistrationForm()
    if request.method == "GET":
        form.buyer_attends.data = True
        _fill_from_basket(form, day)
    starts = [*study_days.starts_of([slug for slug in _slugs(session.items()) if slug != day.slug])]
    if any(rate.price_cents for rate in day.rates):
        starts.append(day.starts_at)
    methods = payments.methods_for(starts, now=clock.now())
    form.offer(methods)
    form.offer_card_renewal(checkout.consent_offered(session.items()), methods)
    ordering.offer_paper(form, session.items())
    _offer_day(form, day, asks=asks)
    return form


def _offer_day(form: RegistrationForm, day: StudyDay, *, asks: bool = True) -> None:
    questions = study_days.questions_asked([day.id]).get(day.id, []) if asks else []
    form.offer_day(day, questions=questions, now=clock.now())


def _slugs(items: Sequence[Item]) -> list[str]:
    return [item.study_day for item in items if isinstance(item, Seats)]


def _fill_from_basket(form: RegistrationForm, day: StudyDay) -> None:
    """Show the participants that were put into the basket for this day."""
    for item in session.items():
        if isinstance(item, Seats) and item.study_day == day.slug:
            form.show_seats(item)


def _with_basket(seats: Seats) -> list[Item]:
    """Return the seats with what else is in the basket; the form's own day stands first."""
    others = [item for item in session.items() if not (isinstance(item, Seats) and item.study_day == seats.study_day)]
    return [seats, *others]


def _put_seats_into_basket(day: StudyDay, form: RegistrationForm) -> ResponseReturnValue:
    if not (form.attendees.validate(form) & form.answers.validate(form)):
        return _registration_page(day, form), 422
    seats = form.seats(day)
    try:
        session.keep(checkout.add_to_basket(session.token(), seats, now=clock.now()))
    except Refusal as refusal:
        status = ordering.show_refusal(form, refusal)
        return _registration_page(day, form), status
    flash(_("L’inscription est dans votre panier ; les places ne sont pas encore retenues."), "success")
    return redirect(url_for(".basket"), 303)


def _registration_page(day: StudyDay, form: RegistrationForm, *, sold_out: bool = False) -> str:
    state = day.availability(clock.now())
    if state not in {Availability.OPEN, Availability.FEW_SEATS} and request.method == "GET":
        return render_template("checkout/not_open.html", day=day, state=state)
    quote = ordering.running_total(form, _with_basket(form.seats(day)))
    form.show_promo(quote.promo_problem)
    uncovered = checkout.days_beyond_plans(quote)
    return render_template(
        "checkout/register.html",
        day=day,
        form=form,
        quote=quote,
        uncovered=uncovered,
        sold_out=sold_out,
        unpaid=session.unpaid_order(now=clock.now()),
    )


def _order_page(form: OrderForm, items: Sequence[Item]) -> str:
    quote = ordering.running_total(form, items)
    form.show_promo(quote.promo_problem)
    return render_template(
        "checkout/order.html",
        unpaid=session.unpaid_order(now=clock.now()),
        form=form,
        quote=quote,
        uncovered=checkout.days_beyond_plans(quote),
        offer=subscriptions.cheapest_plan(),
    )


def _shown(items: Sequence[Item], quote: checkout.Quote) -> list[tuple[int, object]]:
    """Return place in the basket and what is there, for the lines that can still be ordered."""
    found: dict[int, object] = {wanted.index: wanted for wanted in quote.days}
    found |= {bought.index: bought for bought in quote.plans}
    return [(position, found.get(position)) for position in range(len(items))]
