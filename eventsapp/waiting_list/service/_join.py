"""Joining a list, and leaving it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.audit import service as audit
from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.study_days import rules as day_rules
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import mails, queries, rules
from eventsapp.waiting_list.errors import SeatsLeft, TooLateToWait
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.service._moves import as_it_stands, end_offer, go, named_day
from eventsapp.waiting_list.service._office import subject
from eventsapp.waiting_list.service._serve import serve
from eventsapp.waiting_list.statuses import EntryStatus, Joined, OfferOutcome
from eventsapp.waiting_list.values import Wish


def join(
    day: StudyDay,
    wish: Wish,
    *,
    now: datetime,
    form_key: str | None = None,
    locale: str = DEFAULT_LOCALE,
    is_test: bool = False,
) -> tuple[WaitingEntry, Joined]:
    """Put a group at the end of the day's list and send it its private link.

    An address that is on the list already gets its link again, and no second place. Raises ``SeatsLeft`` for a group
    that finds its seats free, ``RegistrationClosed``, ``TooLateToWait`` and ``Invalid``.
    """
    day_rules.require_open(day.availability(now))
    seats = study_days.lock(day.id)
    if form_key and (known := queries.by_form_key(form_key)):
        return known, Joined.SAME_FORM
    if known := queries.live_by_email(day.id, wish.email):
        mails.joined(known, named_day(day.id), again=True, now=now)
        return known, Joined.KNOWN
    if rules.offer_ends(closes_at=seats.closes_at, now=now) is None:
        raise TooLateToWait("Les inscriptions ferment trop tôt pour qu’une place vous soit encore proposée.")
    if not 1 <= wish.seats <= min(rules.MOST_SEATS, seats.capacity):
        message = _("De 1 à %(most)s places.", most=min(rules.MOST_SEATS, seats.capacity))
        raise Invalid(message, errors={"/seats": message})
    if seats.free >= wish.seats:
        raise SeatsLeft(
            ngettext(
                "Une place est libre en ce moment : inscrivez-vous directement.",
                "%(num)s places sont libres en ce moment : inscrivez-vous directement.",
                seats.free,
            )
        )
    entry = WaitingEntry(
        study_day_id=day.id,
        first_name=wish.first_name,
        last_name=wish.last_name,
        email=wish.email,
        phone=wish.phone,
        organisation=wish.organisation,
        seats=wish.seats,
        rate_code=wish.rate_code,
        status=EntryStatus.WAITING,
        rank=queries.last_rank(day.id) + 1,
        joined_at=now,
        form_key=form_key,
        locale=locale,
        is_test=is_test or settings.current().trial,
    )
    db.session.add(entry)
    db.session.flush()
    audit.record("waiting_list.join", subject=subject(entry), now=now, by=entry.name, changes={"seats": entry.seats})
    mails.joined(entry, named_day(day.id), now=now)
    return entry, Joined.NEW


def leave(entry: WaitingEntry, *, now: datetime) -> None:
    """Let the group go, as it asks; what was offered to it is offered to the next ones at once.

    Raises ``NotWaiting``.
    """
    study_days.lock(entry.study_day_id)
    offer = queries.open_offer(as_it_stands(entry).id)
    go(entry, EntryStatus.DECLINED if offer else EntryStatus.LEFT, now=now)
    audit.record(
        "waiting_list.decline" if offer else "waiting_list.leave", subject=subject(entry), now=now, by=entry.name
    )
    if offer is not None:
        end_offer(offer, entry.study_day_id, outcome=OfferOutcome.DECLINED, now=now)
        serve(entry.study_day_id, now=now)
