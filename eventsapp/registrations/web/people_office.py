"""The people of an order in the office: what the buyer may do, done for them."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.files.reception import take_files
from eventsapp.orders import queries as orders
from eventsapp.registrations.statuses import NamedBy
from eventsapp.registrations.web import desk
from eventsapp.registrations.web.desk import Desk

blueprint = Blueprint("people_office", __name__, url_prefix="/organisation/commandes/<reference>/participants")
take_files(blueprint, "name", "replace")


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def people(reference: str) -> ResponseReturnValue:
    """Show who is known and who is not."""
    return desk.people(_desk(reference))


@blueprint.route("/<int:seat_id>/", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_EDIT)
def name(reference: str, seat_id: int) -> ResponseReturnValue:
    """Say whom a seat is for, or correct what is written."""
    return desk.name(_desk(reference), seat_id)


@blueprint.route("/<int:seat_id>/remplacer/", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_EDIT)
def replace(reference: str, seat_id: int) -> ResponseReturnValue:
    """Give a seat to somebody else."""
    return desk.replace(_desk(reference), seat_id)


@blueprint.post("/<int:seat_id>/inviter/")
@requires(Permission.REGISTRATIONS_EDIT)
def invite(reference: str, seat_id: int) -> ResponseReturnValue:
    """Send a seat's link to whom it is for."""
    return desk.invite(_desk(reference), seat_id)


@blueprint.post("/<int:seat_id>/relancer/")
@requires(Permission.REGISTRATIONS_EDIT)
def remind(reference: str, seat_id: int) -> ResponseReturnValue:
    """Ask once more whoever was invited to a seat."""
    return desk.remind(_desk(reference), seat_id)


@blueprint.post("/relancer/")
@requires(Permission.REGISTRATIONS_EDIT)
def remind_all(reference: str) -> ResponseReturnValue:
    """Ask once more everybody who has not answered."""
    return desk.remind_all(_desk(reference))


def _desk(reference: str) -> Desk:
    order = orders.by_reference(reference) or abort(404)
    return Desk(
        order,
        "people_office",
        {"reference": order.reference},
        NamedBy.OFFICE,
        actor=current_user,
        sees_needs=may(Permission.REGISTRATIONS_NEEDS),
        may_edit=may(Permission.REGISTRATIONS_EDIT),
        layout="layouts/office.html",
        back=url_for("orders_office.order", reference=order.reference)
        if may(Permission.ORDERS_VIEW)
        else url_for("registrations_office.registrations"),
    )
