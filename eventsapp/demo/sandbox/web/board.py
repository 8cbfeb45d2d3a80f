"""The developer's view: sessions and deliveries on one page, with the buttons of Stripe's dashboard."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from eventsapp.demo.sandbox import refunds
from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.web.access import require_this_machine

#: How many sessions and deliveries are shown.
_SHOWN = 50


def create_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the page at ``/`` and what its buttons do; only this machine may use them."""
    blueprint = Blueprint("board", __name__)
    blueprint.before_request(require_this_machine)

    @blueprint.get("/")
    def overview(trouble: str | None = None) -> str:
        charges = {charge["payment_intent"]: charge for charge in sandbox.store.newest_first("charge")[::-1]}
        return render_template(
            "board.html",
            sessions=sandbox.store.newest_first("checkout.session")[:_SHOWN],
            charges=charges,
            deliveries=sandbox.store.newest_first("delivery")[:_SHOWN],
            webhook_url=sandbox.postman.url,
            trouble=trouble,
        )

    @blueprint.post("/rembourser/<charge_id>")
    def refund(charge_id: str) -> ResponseReturnValue:
        """Refund the cents typed in, or all that is left."""
        amount = request.form.get("amount", "").strip()
        if amount and not (amount.isascii() and amount.isdigit()):
            return overview("Le montant s’écrit en centimes, par exemple 12900."), 422
        try:
            refunds.refund(sandbox, {"charge": charge_id} | ({"amount": int(amount)} if amount else {}))
        except ApiError as refusal:
            return overview(refusal.message), refusal.status
        return redirect("/", 303)

    @blueprint.post("/contester/<charge_id>")
    def dispute(charge_id: str) -> ResponseReturnValue:
        try:
            refunds.dispute(sandbox, {"charge": charge_id})
        except ApiError as refusal:
            return overview(refusal.message), refusal.status
        return redirect("/", 303)

    @blueprint.post("/renvoyer/<event_id>")
    def resend(event_id: str) -> ResponseReturnValue:
        event = sandbox.store.find("event", event_id) or abort(404)
        if sandbox.postman.url is not None:
            sandbox.postman.resend(event)
        return redirect("/", 303)

    return blueprint
