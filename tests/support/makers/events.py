"""Messages of Stripe, in whatever state."""

import itertools
from typing import Any

from eventsapp.core.db import db
from eventsapp.payments.models import GatewayEvent
from eventsapp.payments.statuses import EventOutcome, EventState
from tests.support.makers.study_days import NOW

_numbers = itertools.count(1)


def make_event(state: EventState, **values: Any) -> GatewayEvent:
    """Keep a message about a page that is nobody's."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "event_id": f"evt_made_{number}",
        "kind": "checkout.session.completed",
        "session_id": f"cs_test_made_{number}",
        "payment_id": "",
        "live": False,
        "received_at": NOW,
        "state": state,
        "due_at": NOW if state is EventState.WAITING else None,
        "attempts": 0,
        "outcome": EventOutcome.IGNORED if state is EventState.DONE else None,
        "detail": "",
        "filed_at": NOW if state is EventState.FILED else None,
        "note": "Vu" if state is EventState.FILED else "",
    }
    row = GatewayEvent(**given | values)
    db.session.add(row)
    db.session.commit()
    return row
