"""An order for whoever has its link, and the way to find that link again."""

from collections.abc import Sequence

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from eventsapp.attendance import queries as attendance
from eventsapp.checkout import mails
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, limits
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.dunning import queries as dunning
from eventsapp.invoices import queries as invoices
from eventsapp.mandats import queries as mandats
from eventsapp.orders import queries, rules
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.web.forms import FindForm
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.terms import queries as terms_of_sale

blueprint = Blueprint("orders", __name__, url_prefix="/commandes")


@blueprint.get("/<reference>/<secret>/")
def order(reference: str, secret: str) -> ResponseReturnValue:
    """Show where the order stands, what is next, and whom it is for."""
    found = queries.order_for_link(reference, secret) or abort(404)
    method, terms = payments.method(found.payment_method), payments.terms_of(found)
    now = clock.now()
    contracts = subscriptions.contracts_of_order(found.id)
    people = registrations.of_order(found.id)
    # Of what was cancelled by itself nothing comes any more; where nothing else is, it is what there was.
    standing = [row for row in people if row.withdrawn_at is None]
    consumer = checkout.is_consumer(found)
    return private(
        make_response(
            render_template(
                "orders/order.html",
                order=found,
                method=method,
                instructions=payments.payment_instructions(method),
                details=payments.payment_details(found, method),
                payments=payments.payments_of(found.id),
                registrations=standing or people,
                people=people,
                certified=_certified_days(found.id, people),
                going=checkout.cancellable_seats(found, people, now=now),
                contracts=contracts,
                gifts=subscriptions.gifts_of(contracts),
                agreements=subscriptions.agreements_of(contracts),
                managed=subscriptions.managed_by(found.email) if any(row.readership_id for row in contracts) else {},
                superseded=found.status is OrderStatus.CANCELLED and subscriptions.is_renewed_elsewhere(found.id),
                invoices=invoices.of_order(found.id),
                reminders=[(row, dunning.letter_of(row)) for row in dunning.reminders_of(found.id)],
                dossier=mandats.of_order(found.id) if terms.purchase_order_days is not None else None,
                owes_by_card=method.online and checkout.owes_by_card(found),
                has_proforma=checkout.has_proforma(found),
                consumer=consumer,
                withdrawal=checkout.withdrawal_of(found, now=now) if consumer else None,
                resignable=checkout.resignable(found) if consumer else (),
                mediator=terms_of_sale.consumer_settings().mediator if consumer else "",
                back_from_card=request.args.get("retour") == "carte",
                lapsed=rules.is_lapsed(status=found.status, expires_at=found.expires_at, now=now),
                now=now,
            )
        )
    )


@blueprint.route("/retrouver/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.RESEND)
def find() -> ResponseReturnValue:
    """Send the links of an address to that address; the answer is the same whether it is known or not."""
    form = FindForm()
    if not form.validate_on_submit():
        return render_template("orders/find.html", form=form), 422 if form.errors else 200
    email = form.email.data
    orders = queries.orders_of(email)
    if orders and not form.website.data:
        mails.order_links(email, list(orders), locale=locale_code(), now=clock.now())
    return render_template("orders/found.html", email=email)


def _certified_days(order_id: int, people: Sequence[Registration]) -> set[int]:
    """Return the days of an order of which somebody has a certificate; nobody is asked before somebody came."""
    if not any(row.status is RegistrationStatus.ATTENDED for row in people):
        return set()
    return {row.study_day_id for row in attendance.certificates_of_order(order_id)}
