"""« Clôtures »: the years of the payment journal that are closed, and the one that can be."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.orders import queries as orders
from eventsapp.payments import queries, rules, service

blueprint = Blueprint("closings_office", __name__, url_prefix="/organisation/comptabilite/clotures")


@blueprint.get("/")
@requires(Permission.PAYMENTS_RECORD)
def closings() -> ResponseReturnValue:
    """Show the closed years, and what the next one would seal."""
    is_test = orders.trials_count()
    year = rules.year_to_close(
        first_year=queries.first_year(is_test=is_test),
        closed_year=queries.closed_year(is_test=is_test),
        today=clock.local_date(clock.now()),
    )
    return render_template(
        "books/office/closings.html",
        closings=queries.closings(is_test=is_test),
        year=year,
        sums=queries.sums_of_year(year, is_test=is_test) if year else None,
    )


@blueprint.post("/<int:year>/")
@requires(Permission.PAYMENTS_RECORD)
def close(year: int) -> ResponseReturnValue:
    """Close a year, for good."""
    try:
        service.close_year(year, is_test=orders.trials_count(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("L’exercice %(year)s est clos et scellé.", year=str(year)), "success")
    return redirect(url_for(".closings"), 303)
