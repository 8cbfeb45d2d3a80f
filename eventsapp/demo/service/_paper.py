"""What went out on paper: the labels of the last numbers, and a copy that came back."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock
from eventsapp.demo import queries
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.shipments import service as shipments
from eventsapp.shipments.errors import NothingToSend
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import UndeliveredReason

#: Numbers whose labels are made; the newest waits for who has it to do.
_NUMBERS = 2
#: When a copy came back, before today.
_RETURNED = timedelta(days=4)


def load_paper(*, now: datetime) -> int:
    """Freeze the labels of the numbers before the newest, and note a copy of them that came back; return how many."""
    made = 0
    with writing():
        if queries.has_shipments():
            return 0
        for number in sorted(queries.newest_issues(_NUMBERS + 1)[1:]):
            try:
                _shipment, labels = shipments.freeze(number, actor=actor(RoleName.ORGANISER), now=now)
            except NothingToSend:
                continue
            made += labels
        moved = queries.last_on_paper()
        if made and moved is not None:
            subscriptions.mark_undelivered(
                moved,
                reason=UndeliveredReason.UNKNOWN,
                on=clock.local_date(now - _RETURNED),
                actor=actor(RoleName.ORGANISER),
                now=now - timedelta(hours=3),
            )
    return made
