"""The first page of the office, and its search."""

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from eventsapp.accounts.access import Permission, permissions_of, requires
from eventsapp.attendance import queries as attendance
from eventsapp.attendance.values import Counts
from eventsapp.core import clock, listing
from eventsapp.dashboard import queries
from eventsapp.dashboard.web import frame, search
from eventsapp.dashboard.web import today as first_page
from eventsapp.waiting_list import queries as waiting_lists

blueprint = Blueprint("dashboard", __name__, url_prefix="/organisation")
blueprint.app_context_processor(frame.around_pages)

#: Days shown with how full they are.
_NEXT_DAYS = 6


@blueprint.get("/")
@requires(Permission.OFFICE)
def today() -> ResponseReturnValue:
    """Show where things stand; at the door, the days of today."""
    now = clock.now()
    permissions = permissions_of(current_user)
    if Permission.STUDY_DAYS_VIEW not in permissions:
        days = queries.days_of(clock.local_date(now))
        counts = attendance.counts_of_days({day.id for day in days})
        return render_template(
            "dashboard/door.html", days=days, counts={day.id: counts.get(day.id, Counts()) for day in days}
        )
    return _whole_page(permissions, now)


@blueprint.get("/recherche/")
@requires(Permission.STUDY_DAYS_VIEW)
def find() -> ResponseReturnValue:
    """Search everything that the visitor may see."""
    words = listing.clean(request.args.get("q", ""))
    found = search.search(words, permissions=permissions_of(current_user), now=clock.now()) if words else []
    return render_template("dashboard/search.html", words=words, found=found)


def _whole_page(permissions: frozenset[Permission], now: datetime) -> str:
    date = clock.local_date(now)
    days = queries.next_days(now=now, most=_NEXT_DAYS)
    compared = [*days[:1], *filter(None, [queries.last_day(now=now)])]
    money = queries.money_awaited(now=now, today=date) if Permission.ORDERS_VIEW in permissions else []
    return render_template(
        "dashboard/today.html",
        tasks=first_page.tasks(queries.waiting(permissions, now=now, today=date, whole=True)),
        days=days,
        waiting=waiting_lists.totals_of([day.id for day in days]),
        curve=first_page.drawn(queries.curves(compared, today=date), next_id=days[0].id if days else None),
        money=money,
        sums=first_page.money_sums(money),
    )
