"""An offer becomes an order: its seats pass from one to the other, and are free at no moment."""

from datetime import datetime

from flask_babel import ngettext

from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import RegistrationClosed
from eventsapp.waiting_list import mails, queries, rules
from eventsapp.waiting_list.errors import OfferOver
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.service._moves import as_it_stands, go, named_day
from eventsapp.waiting_list.service._serve import serve
from eventsapp.waiting_list.statuses import EntryStatus, OfferOutcome


def take_up(entry_id: int, *, study_day_id: int, order_id: int, count: int, now: datetime) -> None:
    """Hand ``count`` of the seats that are kept for a group over to its order; those it leaves go to the next ones.

    Raises ``OfferOver``, ``RegistrationClosed`` and ``Invalid``.
    """
    seats = study_days.lock(study_day_id)
    entry = queries.entry(entry_id, study_day_id=study_day_id)
    offer = _as_it_stands(queries.open_offer(entry_id)) if entry else None
    if entry is None or offer is None:
        raise OfferOver("Cette proposition n’est plus ouverte.")
    if not seats.are_given(now):
        raise RegistrationClosed("Cette journée ne prend plus d’inscriptions.")
    if not rules.is_open(expires_at=offer.expires_at, closes_at=seats.closes_at, now=now):
        raise OfferOver("Le délai pour accepter cette proposition est passé.")
    if count > offer.seats:
        raise Invalid(
            ngettext(
                "Une place vous est proposée, pas davantage.",
                "%(num)s places vous sont proposées, pas davantage.",
                offer.seats,
            )
        )
    left = offer.seats - count
    _hand_over(entry, offer, order_id=order_id, now=now)
    if left:
        offer.seats = count
        study_days.free_seats(study_day_id, count=left)
        serve(study_day_id, now=now)


def keep_for_order(order_id: int, *, study_day_id: int, count: int, now: datetime) -> int:
    """Keep the ``count`` seats of an order that ran out for the group that it came from, while its offer still runs.

    Somebody whose card was not paid in time has until the end of the offer to try again. Returns how many seats stay.
    """
    offer = queries.accepted_offer(order_id, study_day_id=study_day_id)
    if offer is None:
        return 0
    seats = study_days.lock(study_day_id)
    still_runs = rules.is_open(expires_at=offer.expires_at, closes_at=seats.closes_at, now=now)
    if not still_runs or not seats.are_given(now) or queries.live_by_email(study_day_id, offer.entry.email):
        return 0
    go(as_it_stands(offer.entry), EntryStatus.OFFERED, now=now)
    offer.outcome, offer.ended_at, offer.seats = None, None, count
    mails.offered(offer.entry, offer, named_day(study_day_id), now=now)
    return count


def take_up_again(order_id: int, *, study_day_id: int, now: datetime) -> int:
    """Hand the seats that ``keep_for_order`` kept back to that very order, whose money came after all.

    Returns how many.
    """
    study_days.lock(study_day_id)
    offer = next((found for found in queries.open_offers(study_day_id) if found.order_id == order_id), None)
    if offer is None:
        return 0
    _hand_over(offer.entry, offer, order_id=order_id, now=now)
    return offer.seats


def _hand_over(entry: WaitingEntry, offer: WaitingOffer, *, order_id: int, now: datetime) -> None:
    go(as_it_stands(entry), EntryStatus.ACCEPTED, now=now)
    offer.outcome, offer.ended_at, offer.order_id = OfferOutcome.ACCEPTED, now, order_id


def _as_it_stands(offer: WaitingOffer | None) -> WaitingOffer | None:
    if offer is not None:
        db.session.refresh(offer, ["seats", "expires_at", "outcome"])
    return offer
