"""Tickets and the calendar of one's own seat, and all tickets of an order."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, make_response
from flask.typing import ResponseReturnValue

from eventsapp.attendance import papers
from eventsapp.core import links
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.orders import queries as orders
from eventsapp.papers.calendars import calendar as write_calendar
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration

blueprint = Blueprint("tickets", __name__)


@blueprint.get("/inscriptions/<secret>/billet.pdf")
def ticket(secret: str) -> ResponseReturnValue:
    """Give the ticket of one's own seat, once it is confirmed."""
    seat = _seat(secret)
    return _pdf([seat], filename=f"billet-{seat.study_day.slug}.pdf")


@blueprint.get("/inscriptions/<secret>/agenda.ics")
def calendar(secret: str) -> ResponseReturnValue:
    """Give one's own seat to keep in a calendar."""
    seat = _seat(secret)
    url = links.absolute("tickets.calendar", secret=seat.secret)
    response = make_response(write_calendar([papers.calendar_event(seat)], name=seat.study_day.title, url=url))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{seat.study_day.slug}.ics"'
    return private(response)


@blueprint.get("/commandes/<reference>/<secret>/billets.pdf")
def of_order(reference: str, secret: str) -> ResponseReturnValue:
    """Give the tickets of everybody an order has a confirmed seat for, in one file."""
    order = orders.order_for_link(reference, secret) or abort(404)
    seats = [seat for seat in queries.of_order(order.id) if seat.has_ticket and seat.is_named]
    if not seats:
        abort(404)
    return _pdf(seats, filename=f"billets-{order.reference}.pdf")


@blueprint.get("/commandes/<reference>/<secret>/participants/<int:seat_id>/billet.pdf")
def of_seat(reference: str, secret: str, seat_id: int) -> ResponseReturnValue:
    """Give whoever ordered the ticket of one seat, by their own link: that of the person opens what they wrote."""
    order = orders.order_for_link(reference, secret) or abort(404)
    seat = queries.seat_of_order(order.id, seat_id) or abort(404)
    if not (seat.has_ticket and seat.is_named):
        abort(404)
    return _pdf([seat], filename=f"billet-{seat.study_day.slug}.pdf")


def _seat(secret: str) -> Registration:
    """Return the confirmed seat of somebody known; without them there is no ticket."""
    seat = queries.seat_for_link(secret) or abort(404)
    if not (seat.has_ticket and seat.is_named):
        abort(404)
    return seat


def _pdf(seats: Sequence[Registration], *, filename: str) -> Response:
    response = make_response(papers.tickets_pdf(seats, locale=locale_code()))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return private(response)
