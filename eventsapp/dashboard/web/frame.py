"""What the frame of the office shows around every page: the navigation, what waits there, who is signed in."""

from typing import Any

from flask import has_request_context, request
from flask_security import current_user

from eventsapp.accounts.access import OFFICE_PREFIX, permissions_of
from eventsapp.core import clock
from eventsapp.dashboard import queries
from eventsapp.office import navigation


def around_pages() -> dict[str, Any]:
    """Return the context of ``layouts/office.html``."""
    if not has_request_context() or not request.path.startswith(OFFICE_PREFIX) or not current_user.is_authenticated:
        return {}
    permissions = permissions_of(current_user)
    now = clock.now()
    waiting = queries.waiting(permissions, now=now, today=clock.local_date(now))
    shown = {
        "days": (waiting.drafts, False),
        "orders": (waiting.late_orders, True),
        "payment_alerts": (waiting.payment_alerts, True),
        "events": (waiting.events_aside, True),
        "articles": (waiting.in_review, False),
        "comments": (waiting.comments, False),
        "mails": (waiting.failed_mails, True),
    }
    return {"office_nav": navigation.shown(permissions, shown), "visitor_name": current_user.name}
