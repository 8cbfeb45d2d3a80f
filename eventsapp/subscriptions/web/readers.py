"""The readers of an institution for its manager, by the private link that was mailed with the contract."""

from flask import Blueprint, abort, url_for

from eventsapp.core import clock, limits
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.web import readers_desk
from eventsapp.subscriptions.web.readers_desk import Desk, View

blueprint = Blueprint("readers", __name__, url_prefix="/abonnements/lecteurs/<secret>")


def _desk(secret: str) -> Desk:
    manager = queries.manager_for_link(secret) or abort(404)
    contract, following = readers_desk.present(manager.readership_id, today=clock.local_date(clock.now())) or abort(404)
    last = following or contract
    bought = manager.email == last.email and last.status in {ContractStatus.ACTIVE, ContractStatus.EXPIRED}
    return Desk(
        readership_id=manager.readership_id,
        contract=contract,
        following=following,
        blueprint="readers",
        address={"secret": secret},
        by=manager.email,
        manager=manager,
        renew_url=url_for("renewals.renew", secret=last.secret) if bought else "",
    )


def _seen(view: View) -> View:
    return view


def _edited(view: View) -> View:
    limited: View = limits.limiter.limit(limits.INVITE, methods=["POST"])(view)
    return limited


readers_desk.add_pages(blueprint, _desk, takes="secret", seen=_seen, edited=_edited)
