"""The mails to those who wait; each leads to the private page, which knows the rest."""

from datetime import datetime
from typing import Any

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import ListEnd


def joined(entry: WaitingEntry, day: StudyDay, *, again: bool = False, now: datetime) -> None:
    """Send the private link and say where the group stands; ``again`` to somebody who asked a second time."""
    _to_group("waiting_list/joined", entry, day, now=now, place=queries.place_of(entry), again=again)


def offered(entry: WaitingEntry, offer: WaitingOffer, day: StudyDay, *, now: datetime) -> None:
    """Say that seats are kept, until when, and how to take them."""
    _to_group("waiting_list/offered", entry, day, now=now, offer=offer, until=offer.local_end(day))


def lapsed(entry: WaitingEntry, day: StudyDay, *, now: datetime) -> None:
    """Say that the offer is over and the seats go to the next ones."""
    join_url = absolute("waiting_list.join", locale=entry.locale, slug=day.slug)
    _to_group("waiting_list/lapsed", entry, day, now=now, join_url=join_url)


def ended(entry: WaitingEntry, day: StudyDay, *, why: ListEnd, now: datetime) -> None:
    """Say that the group waits no more, and why."""
    _to_group("waiting_list/ended", entry, day, now=now, why=why)


def postponed(entry: WaitingEntry, day: StudyDay, *, withdrawn: bool, now: datetime) -> None:
    """Say that the day moves and the place on the list stays; ``withdrawn`` when seats were kept."""
    _to_group("waiting_list/postponed", entry, day, now=now, withdrawn=withdrawn)


def _to_group(template: str, entry: WaitingEntry, day: StudyDay, *, now: datetime, **context: Any) -> None:
    outbox.queue_mail(
        template,
        to=entry.email,
        to_name=entry.name,
        now=now,
        locale=entry.locale,
        about=("waiting_entry", entry.id),
        study_day_id=day.id,
        entry=entry,
        day=day,
        page_url=absolute("waiting_place.place", locale=entry.locale, secret=entry.secret),
        day_url=absolute("study_days.day", locale=entry.locale, slug=day.slug),
        site_name=current().site_name,
        **context,
    )
