"""What goes out on paper, in the office: the numbers, who is to get one, its labels."""

from math import ceil
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.magazine.models import Issue
from eventsapp.magazine.queries import newsroom
from eventsapp.office import lists
from eventsapp.shipments import papers, queries
from eventsapp.shipments import service as shipments

blueprint = Blueprint("shipments_office", __name__, url_prefix="/organisation/envois")


@blueprint.get("/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def numbers() -> ResponseReturnValue:
    """List the numbers, and which have their labels."""
    return lists.answer(
        queries.shipment_list(),
        template="shipments/office/numbers.html",
        row_url=lambda row: url_for(".waiting" if not row[1] else ".labels", number=row[0].number),
    )


@blueprint.get("/<int:number>/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def waiting(number: int) -> ResponseReturnValue:
    """Show who is to get the number and has no label yet, and who is left aside."""
    issue = _issue(number)
    return lists.answer(
        queries.waiting_list(issue, on=shipments.day_of(issue, now=clock.now())),
        template="shipments/office/waiting.html",
        row_url=lambda row: _contract_url(row[0].id, mends=bool(row[5])),
        **_around(issue, part="waiting"),
    )


@blueprint.get("/<int:number>/etiquettes/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def labels(number: int) -> ResponseReturnValue:
    """Show the labels as they were frozen, and what changed since."""
    issue = _issue(number)
    around = _around(issue, part="labels")
    return lists.answer(
        queries.label_list(issue, on=shipments.day_of(issue, now=clock.now()), ranks=len(around["frozen"])),
        template="shipments/office/labels.html",
        row_url=lambda row: _contract_url(row[0].contract_id),
        **around,
    )


@blueprint.post("/<int:number>/figer/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def freeze(number: int) -> ResponseReturnValue:
    """Keep the labels of whoever gets the number and has none yet."""
    _issue(number)
    try:
        _shipment, made = shipments.freeze(number, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".waiting", number=number), 303)
    flash(ngettext("%(num)s étiquette est figée.", "%(num)s étiquettes sont figées.", made), "success")
    return redirect(url_for(".labels", number=number), 303)


@blueprint.get("/<int:number>/etiquettes-<int:rank>.pdf")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def paper(number: int, rank: int) -> ResponseReturnValue:
    """Give the labels of a shipment to print, a hundred sheets at most in one file."""
    issue = _issue(number)
    part = max(1, request.args.get("partie", 1, type=int))
    found = queries.labels(issue.id, rank=rank, first=(part - 1) * papers.PER_PAPER, most=papers.PER_PAPER)
    if not found:
        abort(404)
    response = make_response(papers.labels_pdf(found, number=issue.number, now=clock.now()))
    response.content_type = "application/pdf"
    name = f"etiquettes-{issue.number}-envoi-{rank}-{part}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def _issue(number: int) -> Issue:
    return newsroom.issue(number) or abort(404)


def _contract_url(contract_id: int, *, mends: bool = False) -> str:
    if mends and may(Permission.SUBSCRIPTIONS_EDIT):
        return url_for("addresses_office.delivery", contract_id=contract_id)
    return url_for("subscriptions_office.contract", contract_id=contract_id)


def _around(issue: Issue, *, part: str) -> dict[str, Any]:
    """Return what both pages of a number show around their list."""
    on = shipments.day_of(issue, now=clock.now())
    frozen = [
        (shipment, count, copies, ceil(count / papers.PER_PAPER))
        for shipment, count, copies in queries.shipments_of(issue.id)
    ]
    return {"issue": issue, "on": on, "part": part, "to_send": queries.counted(issue, on=on), "frozen": frozen}
