"""The readers of an institution in the office: what the manager may do, done for them."""

from flask import Blueprint, abort, url_for
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock, settings
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.web import readers_desk
from eventsapp.subscriptions.web.readers_desk import Desk

blueprint = Blueprint("readers_office", __name__, url_prefix="/organisation/abonnes/<int:of_id>/lecteurs")


def _desk(of_id: int) -> Desk:
    asked = queries.contract(of_id) or abort(404)
    if asked.readership_id is None:
        abort(404)
    contract, following = readers_desk.present(asked.readership_id, today=clock.local_date(clock.now())) or abort(404)
    may_edit = may(Permission.SUBSCRIPTIONS_EDIT)
    return Desk(
        readership_id=asked.readership_id,
        contract=contract,
        following=following,
        blueprint="readers_office",
        address={"of_id": of_id},
        by=settings.current().site_name,
        actor=current_user,
        may_edit=may_edit,
        layout="layouts/office.html",
        back=url_for("subscriptions_office.contract", contract_id=of_id),
        # The link orders in the reader's name: it is for whoever may act for them.
        renew_url=url_for("renewals.renew", secret=(following or contract).secret) if may_edit else "",
    )


readers_desk.add_pages(
    blueprint,
    _desk,
    takes="of_id",
    seen=requires(Permission.SUBSCRIPTIONS_VIEW),
    edited=requires(Permission.SUBSCRIPTIONS_EDIT),
)
