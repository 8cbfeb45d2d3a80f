"""What the registration page and the checkout page share: placing what a valid form describes."""

import logging
from collections.abc import Sequence

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotASubscriber
from eventsapp.checkout.service import Quote
from eventsapp.checkout.values import ORDINARY, Item, Occasion, Subscription
from eventsapp.checkout.web import session
from eventsapp.checkout.web.forms import OrderForm
from eventsapp.core import clock, unit_of_work
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.magazine import queries as magazine
from eventsapp.mail import service as outbox
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.orders.errors import KeyReused
from eventsapp.orders.models import Order
from eventsapp.subscriptions import queries as subscriptions

log = logging.getLogger(__name__)


def place(
    form: OrderForm, items: Sequence[Item], *, empties_basket: bool = True, occasion: Occasion = ORDINARY
) -> ResponseReturnValue:
    """Place the order of a valid form and lead to what comes next; raises the refusals of ``place_order``.

    To Stripe's page when something is to be paid now, and to the order's own page else or when Stripe is silent.
    """
    now = clock.now()
    order, _bought = checkout.place_order(form.request(items, locale=locale_code()), now=now, occasion=occasion)
    if form.no_messages.data:
        outbox.suppress(order.email, SuppressionReason.UNSUBSCRIBED, now=now)
    token = session.token()
    if token and empties_basket:
        checkout.empty_basket(token)
        session.forget()
    if checkout.is_paid_online(order):
        session.note_unpaid(order)
        pay_by_card(order)
    return redirect(address_of(order), 303)


def offer_paper(form: OrderForm, items: Sequence[Item]) -> None:
    """Let whoever subscribes to paper say with which number it begins, and how many copies go out if there are several.

    It begins with the number that is out or with the next one.
    """
    slugs = [
        item.plan for item in items if isinstance(item, Subscription) and item.gift is None and item.renews is None
    ]
    if not slugs:
        return
    plans = subscriptions.plans_named(slugs)
    chosen = [plans[slug] for slug in dict.fromkeys(slugs) if slug in plans]
    form.offer_copies([plan for plan in chosen if plan.needs_address and plan.copies > 1])
    known = magazine.numbers_to_begin_with()
    if known is not None:
        current, following = known
        form.offer_issues(
            [
                (current, _("N° %(number)s, celui qui est paru", number=current)),
                (following, _("N° %(number)s, le prochain", number=following)),
            ]
        )


def make_quote(form: OrderForm, items: Sequence[Item]) -> ResponseReturnValue:
    """Make the quote that a valid form asks for and lead to it; raises the refusals of ``make_quote``."""
    made = checkout.make_quote(form.request(items, locale=locale_code()), now=clock.now())
    flash(_("Le devis est prêt ; son lien est parti à %(email)s.", email=made.email), "success")
    return redirect(url_for("quotes.quote", reference=made.reference, secret=made.secret), 303)


def pay_by_card(order: Order) -> None:
    """Once the transaction is over, lead to Stripe's page, or back to the order's with what went wrong.

    Raises ``NotPayable``.
    """
    now = clock.now()
    order_page = address_of(order)
    wanted = checkout.prepare_page(order, now=now)

    def open_page() -> Response:
        try:
            return redirect(checkout.open_page(wanted, now=now), 303)
        except Refusal as refusal:
            log.warning("order %s: no page at Stripe", wanted.reference, exc_info=True)
            flash(refusal.message, "error")
            return redirect(order_page, 303)

    unit_of_work.after_commit(open_page)


def address_of(order: Order) -> str:
    """Return the address of the order's page."""
    return url_for("orders.order", reference=order.reference, secret=order.secret)


def show_refusal(form: OrderForm, refusal: Refusal) -> int:
    """Put a refusal on the form, beside its fields where it names them; return the status to answer with."""
    errors = refusal.errors
    if isinstance(refusal, NotASubscriber):
        # The whole sentence beside each field: it says what can be done.
        errors = dict.fromkeys(errors, refusal.message)
    elsewhere = list(dict.fromkeys(form.show_refusal(errors)))
    if isinstance(refusal, KeyReused):
        form.renew()
        form.form_errors.append(
            _("Cette commande est déjà enregistrée, et le lien vous a été envoyé. Pour en passer une autre, validez.")
        )
    elif elsewhere or not refusal.errors:
        form.form_errors += elsewhere or [refusal.message]
    return refusal.status


def running_total(form: OrderForm, items: Sequence[Item]) -> Quote:
    """Return what the items come to so far, whatever else is still missing."""
    now = clock.now()
    items = [form.on_paper(item) if isinstance(item, Subscription) else item for item in items]
    priced = checkout.quote(
        items, buyer_email=form.email.data or "", siret=form.siret.data or "", now=now, strict=False
    )
    return checkout.with_code(priced, form.promo_code.data or "", now=now, strict=False)


def is_taken_off(form: OrderForm, items: Sequence[Item]) -> bool:
    """Return whether the code that was typed makes the order free."""
    if not form.promo_code.data:
        return False
    priced = running_total(form, items)
    return priced.promo is not None and priced.total_cents == 0
