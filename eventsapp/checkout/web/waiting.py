"""The private page of a group on a waiting list: where it stands, and, once seats are kept for it, their order."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from eventsapp.checkout.values import Occasion, Seats
from eventsapp.checkout.web import ordering, siret_fields
from eventsapp.checkout.web.offer_forms import OfferForm
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.files.reception import take_files
from eventsapp.payments import queries as payments
from eventsapp.registrations.values import Attendee
from eventsapp.study_days import queries as study_days
from eventsapp.waiting_list import queries, rules
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import EntryStatus

blueprint = Blueprint("waiting_place", __name__, url_prefix="/attente/<secret>")
take_files(blueprint, "accept")


@blueprint.get("/")
def place(secret: str) -> ResponseReturnValue:
    """Show where the group stands; with an open offer, the order that takes it up, filled in with what is known."""
    entry = _entry(secret)
    offer = _running(entry)
    return _page(entry, offer, _filled(entry, offer) if offer else None)


@blueprint.post("/")
@limits.limiter.limit(limits.ORDER)
def accept(secret: str) -> ResponseReturnValue:
    """Place the order of a valid form with the seats that are kept; sent twice, it is one order."""
    entry = _entry(secret)
    form = _offered_form(entry, OfferForm())
    if form.rearrange(request.form, most=entry.seats):
        return _again(entry, _offered_form(entry, form))
    items = _items(entry, form)
    if ordering.is_taken_off(form, items):
        form.owe_nothing(payments.enabled_methods())
    if "apply_code" in request.form:
        return _again(entry, form)
    if form.website.data or not siret_fields.fits(form):
        return _again(entry, form, status=422)
    try:
        return ordering.place(form, items, empties_basket=False, occasion=Occasion(waiting_entry_id=entry.id))
    except Refusal as refusal:
        return _again(entry, form, status=ordering.show_refusal(form, refusal))


@blueprint.post("/total/")
def total(secret: str) -> ResponseReturnValue:
    """Answer with the summary of what the form says so far."""
    entry = _entry(secret)
    form = _offered_form(entry, OfferForm())
    return render_template(
        "checkout/_summary.html", quote=ordering.running_total(form, _items(entry, form)), uncovered=()
    )


def _entry(secret: str) -> WaitingEntry:
    return queries.by_secret(secret) or abort(404)


def _running(entry: WaitingEntry) -> WaitingOffer | None:
    """Return the offer that can be accepted at this moment, if any: one that is over may not be ended yet."""
    offer = queries.open_offer(entry.id) if entry.status is EntryStatus.OFFERED else None
    day = entry.study_day
    closes_at = min(day.registration_closes_at, day.starts_at)
    if offer and rules.is_open(expires_at=offer.expires_at, closes_at=closes_at, now=clock.now()):
        return offer
    return None


def _filled(entry: WaitingEntry, offer: WaitingOffer) -> OfferForm:
    """Return the form with what is known of the group; who comes alone is the one who wrote, of others nobody knows."""
    rates = {rate.code for rate in entry.study_day.rates if rate.is_available(clock.now())}
    rate = entry.rate_code if entry.rate_code in rates else ""
    alone = offer.seats == 1
    attendee = Attendee(
        first_name=entry.first_name if alone else "",
        last_name=entry.last_name if alone else "",
        email=entry.email if alone else "",
        rate=rate,
    )
    form = OfferForm(
        formdata=None,
        first_name=entry.first_name,
        last_name=entry.last_name,
        email=entry.email,
        phone=entry.phone,
        organisation=entry.organisation,
        attendees=[{**asdict(attendee), "name_later": not alone}] * offer.seats,
    )
    form = _offered_form(entry, form)
    form.payment_method.data = next((choice.value for choice in form.payment_method.choices), None)
    return form


def _offered_form(entry: WaitingEntry, form: OfferForm) -> OfferForm:
    day, now = entry.study_day, clock.now()
    costs = any(rate.price_cents for rate in day.rates)
    form.offer(payments.methods_for([day.starts_at] if costs else [], now=now))
    form.offer_day(day, questions=study_days.questions_asked([day.id]).get(day.id, []), now=now)
    return form


def _items(entry: WaitingEntry, form: OfferForm) -> Sequence[Seats]:
    return [form.seats(entry.study_day)]


def _again(entry: WaitingEntry, form: OfferForm, *, status: int = 200) -> ResponseReturnValue:
    return _page(entry, _running(entry), form, status=status)


def _page(
    entry: WaitingEntry, offer: WaitingOffer | None, form: OfferForm | None, *, status: int = 200
) -> ResponseReturnValue:
    quote = None
    if offer is not None and form is not None:
        quote = ordering.running_total(form, _items(entry, form))
        form.show_promo(quote.promo_problem)
    page = render_template(
        "checkout/waiting.html",
        entry=entry,
        day=entry.study_day,
        offer=offer,
        until=offer.local_end(entry.study_day) if offer else None,
        place=queries.place_of(entry) if entry.status is EntryStatus.WAITING else None,
        form=form,
        quote=quote,
        uncovered=(),
    )
    return private(make_response(page, status))
