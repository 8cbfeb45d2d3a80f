"""Whoever bought the seats of a team: who is known, who was asked, naming, replacing and reminding."""

from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from eventsapp.core import limits
from eventsapp.files.reception import take_files
from eventsapp.orders import queries as orders
from eventsapp.registrations.statuses import NamedBy
from eventsapp.registrations.web import desk
from eventsapp.registrations.web.desk import Desk

blueprint = Blueprint("participants", __name__, url_prefix="/commandes/<reference>/<secret>/participants")
take_files(blueprint, "name", "replace")


@blueprint.get("/")
def people(reference: str, secret: str) -> ResponseReturnValue:
    """Show who is known and who is not."""
    return desk.people(_desk(reference, secret))


@blueprint.route("/<int:seat_id>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def name(reference: str, secret: str, seat_id: int) -> ResponseReturnValue:
    """Say whom a seat is for, or correct what is written."""
    return desk.name(_desk(reference, secret), seat_id)


@blueprint.route("/<int:seat_id>/remplacer/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def replace(reference: str, secret: str, seat_id: int) -> ResponseReturnValue:
    """Give a seat to somebody else."""
    return desk.replace(_desk(reference, secret), seat_id)


@blueprint.post("/<int:seat_id>/inviter/")
@limits.limiter.limit(limits.INVITE)
def invite(reference: str, secret: str, seat_id: int) -> ResponseReturnValue:
    """Send a seat's link to the colleague it is for."""
    return desk.invite(_desk(reference, secret), seat_id)


@blueprint.post("/<int:seat_id>/relancer/")
@limits.limiter.limit(limits.INVITE)
def remind(reference: str, secret: str, seat_id: int) -> ResponseReturnValue:
    """Ask once more whoever was invited to a seat."""
    return desk.remind(_desk(reference, secret), seat_id)


@blueprint.post("/relancer/")
@limits.limiter.limit(limits.RESEND)
def remind_all(reference: str, secret: str) -> ResponseReturnValue:
    """Ask once more everybody who has not answered."""
    return desk.remind_all(_desk(reference, secret))


def _desk(reference: str, secret: str) -> Desk:
    order = orders.order_for_link(reference, secret) or abort(404)
    address: dict[str, Any] = {"reference": order.reference, "secret": order.secret}
    return Desk(order, "participants", address, NamedBy.BUYER, back=url_for("orders.order", **address))
