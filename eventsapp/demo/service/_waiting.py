"""Who waits for a seat at a full day, and the seat that one buyer gives back."""

from collections import Counter
from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import moment_of
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.registrations import queries as registrations
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries as waiting_lists
from eventsapp.waiting_list import service as waiting_list
from eventsapp.waiting_list.values import Wish

#: Since when the seat is free that was offered.
_FREED_AGO = timedelta(hours=15)


def load_waiting_lists(*, now: datetime) -> int:
    """Let the groups of waiting.toml wait, and give a seat back; return how many groups are new."""
    groups = reading.table("waiting")["groups"]
    made = 0
    for slug in dict.fromkeys(group["day"] for group in groups):
        with writing():
            day = queries.day(slug)
            if day is None:
                raise LookupError(slug)
            if waiting_lists.last_rank(day.id):
                continue
            for group in groups:
                if group["day"] == slug:
                    waiting_list.join(
                        day,
                        _wish(group),
                        now=moment_of(group["days_ago"], group["email"], now=now),
                        is_test=True,
                    )
                    made += 1
        with writing():
            _give_a_seat_back(day, now=now - _FREED_AGO)
    return made


def _wish(group: dict[str, object]) -> Wish:
    return Wish(
        first_name=str(group["first_name"]),
        last_name=str(group["last_name"]),
        email=str(group["email"]),
        organisation=str(group["organisation"]),
        seats=int(str(group["seats"])),
        rate_code=str(group["rate"]),
    )


def _give_a_seat_back(day: StudyDay, *, now: datetime) -> None:
    """Cancel the last order of a single seat, of those not paid yet if there is one."""
    seats = registrations.of_day(day.id)
    counts = Counter(seat.order_line.order_id for seat in seats)
    alone = [seat.order_line.order for seat in seats if counts[seat.order_line.order_id] == 1]
    if alone:
        last = max(alone, key=lambda order: (order.paid_cents == 0, order.id))
        checkout.cancel_order(last.id, reason="Empêchement", actor=actor(RoleName.ORGANISER), now=now)
