"""Placing an order and following it, for programs."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, url_for
from flask_babel import gettext as _

from eventsapp.api.errors import InvalidToken
from eventsapp.api.statuses import Scope
from eventsapp.api.web import access, taxes
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path
from eventsapp.api.web.shapes import orders as shapes
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item, Occasion, OrderRequest, Seats, Subscription
from eventsapp.core import clock, limits, unit_of_work
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.links import absolute
from eventsapp.core.references import same_secret
from eventsapp.core.security_headers import private
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.magazine import queries as magazine
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments import queries as payments
from eventsapp.payments.errors import NotPayable
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.values import Attendee
from eventsapp.study_days.models import Question
from eventsapp.subscriptions.rules import announce_problem
from eventsapp.subscriptions.values import Delivery, GiftWish

log = logging.getLogger(__name__)

blueprint = Resources(
    "api_orders", __name__, heading="Commandes", description="Commander des places et des abonnements."
)

_PLACED = shapes.OrderPlaced()


@blueprint.route("/orders", methods=["POST"])
@limits.limiter.limit(limits.ORDER)
@refuses(
    blueprint,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    problems=("sold-out", "registration-closed", "invalid", "idempotency-key-reused"),
)
# Made once: a class would be made anew, with all that it consists of, for each order.
@blueprint.arguments(shapes.OrderHeaders(), location="headers")
@blueprint.arguments(shapes.OrderBody(), example=shapes.EXAMPLE_BODY)
@blueprint.alt_response(
    200,
    schema=shapes.OrderPlaced,
    description="La même clé et le même corps qu’auparavant : la même commande, telle qu’elle est maintenant.",
    success=True,
)
@blueprint.response(
    201,
    shapes.OrderPlaced,
    description="La commande est enregistrée.",
    headers={
        "Location": {"description": "Où la suivre.", "schema": {"type": "string", "format": "uri-reference"}},
    },
)
@blueprint.doc(
    operationId="placeOrder",
    summary="Passer une commande",
    description="Places et abonnements en une commande, chaque ligne à son taux de TVA. Tout est pris ou rien. Les "
    "prix sont ceux du site : le corps n’en porte pas. Une réponse perdue se redemande avec la même clé.",
)
def place(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Response:
    """Place the order of a body; a key used before gives its order again."""
    now = clock.now()
    request = _request(body, key=headers["idempotency_key"])
    subscribes = any(isinstance(item, Subscription) for item in request.items)
    first_issues = (magazine.numbers_to_begin_with() if subscribes else None) or ()
    occasion = Occasion(files_follow=True, first_issues=first_issues)
    order, bought = checkout.place_order(request, occasion=occasion, now=now)
    files = registrations.files_awaited(order.id) if bought is None or bought.asks_files else ()
    placed = _placed(order, files)
    status = 200 if bought is None else 201
    if checkout.is_paid_online(order):
        _open_page_afterwards(order, placed, status=status)
    return _answer(placed, status=status)


@blueprint.route("/orders/<reference>", parameters=in_path("reference", "La référence de la commande."))
@refuses(
    blueprint,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
)
@blueprint.response(200, shapes.Order, description="La commande.")
@blueprint.doc(
    operationId="readOrder",
    summary="Suivre une commande",
    description="Pour qui a le secret de la commande (la fin de `order_url`), ou un jeton de portée `organiser` ou "
    "`accountant`. Une référence inconnue répond 401 sans jeton de l’équipe, comme un mauvais secret.",
    security=[{"orderSecret": []}, {"token": [Scope.ORGANISER.value, Scope.ACCOUNTANT.value]}],
)
def order(reference: str) -> Response:
    """Show where an order stands to whom it concerns."""
    found = _authorised(reference)
    shown = {
        "reference": found.reference,
        "status": found.status.value,
        "payment_status": found.payment_status.value,
        "payment_method": found.payment_method,
        "placed_at": found.placed_at,
        "expires_at": found.expires_at,
        "due_on": found.due_on,
        "total_cents": found.total_cents,
        "vat_cents": found.vat_cents,
        "paid_cents": found.paid_cents,
        "refunded_cents": found.refunded_cents,
        "credited_cents": found.credited_cents,
        "balance_cents": found.balance_cents,
        "lines": [
            {
                "label": line.label,
                "detail": line.detail,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price_cents,
                **taxes.of_parts([part.value for part in line.vat_parts]),
                "discount_cents": line.discount_cents,
                "total_cents": line.total_cents,
            }
            for line in found.lines
        ],
        "payments": [
            {"method": row.method, "amount_cents": row.amount_cents, "received_on": row.received_on}
            for row in payments.payments_of(found.id)
        ],
        "refunds": [
            {"method": row.method, "amount_cents": row.amount_cents, "refunded_on": row.refunded_on}
            for row in payments.refunds_of(found.id)
        ],
        "invoices": [_invoice(row, found) for row in invoices.of_order(found.id) if row.pdf],
        "terms_version": found.terms_version,
        "tickets": _tickets(found),
    }
    return private(jsonify(shapes.Order().dump(shown)))


def _tickets(order: Order) -> list[dict[str, Any]]:
    """Return the tickets; their pages are for whoever has the order's secret, as the order's own page is."""
    by_secret = same_secret(access.bearer(), order.secret)
    return [
        {
            "code": seat.ticket_code,
            "name": seat.name,
            "study_day": seat.study_day.slug,
            "page_url": absolute("seats.seat", secret=seat.secret) if by_secret else None,
            "pdf_url": absolute("tickets.ticket", secret=seat.secret) if by_secret else None,
        }
        for seat in registrations.of_order(order.id)
        if seat.has_ticket and seat.is_named
    ]


def _invoice(invoice: Invoice, order: Order) -> dict[str, Any]:
    place = {"reference": order.reference, "secret": order.secret, "number": invoice.number}
    return {
        "number": invoice.number,
        "pdf_url": absolute("invoices.pdf", **place),
        "xml_url": absolute("invoices.xml", **place),
    }


def _authorised(reference: str) -> Order:
    """Return the order that the bearer may see; whoever may not is not told whether it exists."""
    secret = access.bearer()
    program = access.known(secret)
    if program is not None:
        access.require_scope(program, Scope.ORGANISER, Scope.ACCOUNTANT)
        return queries.by_reference(reference) or abort(404)
    found = queries.order_for_link(reference, secret)
    if found is None:
        raise InvalidToken(_("Ce secret n’ouvre pas cette commande."))
    return found


def _request(body: Mapping[str, Any], *, key: str) -> OrderRequest:
    customer = body["customer"]
    organisation = customer["organisation"] or {}
    return OrderRequest(
        buyer=Buyer(email=customer["email"], first_name=customer["first_name"], last_name=customer["last_name"]),
        billing=Billing(
            organisation=organisation.get("name", ""),
            siret=organisation.get("siret", ""),
            address=organisation.get("address", ""),
            postcode=organisation.get("postcode", ""),
            city=organisation.get("city", ""),
            service_code=organisation.get("service_code", ""),
            commitment_number=organisation.get("commitment_number", ""),
            vat_number=organisation.get("vat_number", ""),
        ),
        payment_method=body["payment_method"],
        items=tuple(_item(item, at=f"/items/{index}") for index, item in enumerate(body["items"])),
        promo_code=body["promo_code"],
        invoice_at=body["invoice_at"],
        # Keys of forms begin otherwise: a program cannot run into one.
        idempotency_key=f"api-{key}",
        locale=locale_code(),
    )


def _item(item: Mapping[str, Any], *, at: str) -> Item:
    if item["type"] == "subscription":
        gift = item["gift"]
        return Subscription(
            plan=item["plan"],
            delivery=Delivery(**(item["delivery"] or {})),
            gift=_wish(gift, delivery=item["delivery"], at=at) if gift else None,
            first_issue=item["first_issue"],
            copies=item["copies"],
        )
    return Seats(
        study_day=item["study_day"],
        attendees=tuple(
            Attendee(
                first_name=attendee["first_name"],
                last_name=attendee["last_name"],
                email=attendee["email"],
                job_title=attendee["job_title"],
                rate=attendee["rate"],
                answers=attendee["answers"],
            )
            for attendee in item["attendees"]
        ),
        answers=item["answers"],
    )


def _wish(gift: Mapping[str, Any], *, delivery: Mapping[str, Any] | None, at: str) -> GiftWish:
    """Return what is wished of a gift; raise ``Invalid`` for a day that cannot be and for an address of delivery."""
    errors = {}
    if told := announce_problem(gift["announce_on"], today=clock.local_date(clock.now())):
        errors[f"{at}/gift/announce_on"] = told
    if delivery:
        errors[f"{at}/delivery"] = _("L’adresse d’un abonnement offert est demandée à son lecteur.")
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)
    return GiftWish(**gift)


def _placed(order: Order, files: Sequence[tuple[Registration, Question]]) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "status": order.status.value,
        "payment_status": order.payment_status.value,
        "total_cents": order.total_cents,
        "vat_cents": order.vat_cents,
        "order_url": absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
        "checkout_url": None,
        "expires_at": order.expires_at,
        "files_to_give": [
            {
                "question": question.code,
                "label": question.local_label,
                "attendee": seat.name,
                "url": absolute(
                    "participants.name",
                    locale=order.locale,
                    reference=order.reference,
                    secret=order.secret,
                    seat_id=seat.id,
                ),
            }
            for seat, question in files
        ],
    }


def _open_page_afterwards(order: Order, placed: Mapping[str, Any], *, status: int) -> None:
    """Once the transaction is over, answer with Stripe's page as well; without it when Stripe is silent."""
    now = clock.now()
    try:
        wanted = checkout.prepare_page(order, now=now)
    except NotPayable:
        # Repeated after the hold, before the worker has looked: there is nothing to pay any more.
        return

    def open_page() -> Response | None:
        try:
            return _answer({**placed, "checkout_url": checkout.open_page(wanted, now=now)}, status=status)
        except Refusal:
            log.warning("order %s: no page at Stripe", wanted.reference, exc_info=True)
            return None

    unit_of_work.after_commit(open_page)


def _answer(placed: Mapping[str, Any], *, status: int) -> Response:
    response = private(jsonify(_PLACED.dump(placed)))
    response.status_code = status
    if status == 201:
        response.headers["Location"] = url_for(".order", reference=placed["reference"])
    return response
