"""One search over everything the office lists: the first lines of each list, and the way to the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from eventsapp.accounts.access import Permission
from eventsapp.core import clock, listing
from eventsapp.core.listing import FIGURES, Column, Listing, Row
from eventsapp.orders import queries as orders
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import queries as study_days

#: Lines and columns shown of each list.
MOST = 6
MOST_COLUMNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A list that the search looks into."""

    permission: Permission
    #: The list's own page, which takes the same search.
    endpoint: str
    describe: Callable[[datetime], Listing]
    row_url: Callable[[Row], str]
    #: Parameters that open the list's own page on all rows, whatever their state.
    everything: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found in one list."""

    title: str
    columns: list[Column]
    rows: list[tuple[Row, str]]
    #: Where the rest is, when there is more.
    more_url: str | None

    @property
    def heads(self) -> list[tuple[str, str | None, None, None]]:
        return [(column.label, "number" if column.kind in FIGURES else None, None, None) for column in self.columns]


#: Add a list here and it is searched: one query each.
LISTS = (
    Searched(
        permission=Permission.STUDY_DAYS_VIEW,
        endpoint="study_days_office.days",
        describe=lambda now: study_days.office_list(now=now),
        row_url=lambda day: url_for("study_days_office.day", slug=day.slug),
        everything={"etat": "toutes"},
    ),
    Searched(
        permission=Permission.ORDERS_VIEW,
        endpoint="orders_office.orders",
        describe=lambda now: orders.order_list(today=clock.local_date(now), methods={}),
        row_url=lambda order: url_for("orders_office.order", reference=order.reference),
        everything={},
    ),
    Searched(
        permission=Permission.REGISTRATIONS_VIEW,
        endpoint="registrations_office.registrations",
        describe=lambda _now: registrations.registration_list(methods={}),
        row_url=lambda seat: url_for("orders_office.order", reference=seat.order_line.order.reference),
        everything={},
    ),
    Searched(
        permission=Permission.SPEAKERS_EDIT,
        endpoint="speakers_office.list_of_speakers",
        describe=lambda _now: study_days.speaker_list(),
        row_url=lambda row: url_for("speakers_office.speaker", speaker_id=row.Speaker.id),
        everything={},
    ),
)


def search(words: str, *, permissions: frozenset[Permission], now: datetime) -> list[Found]:
    """Return what ``words`` find in each list that somebody with ``permissions`` may see; empty lists are left out."""
    found = []
    for place in LISTS:
        if place.permission not in permissions:
            continue
        description = place.describe(now)
        rows: list[Any] = list(listing.first_rows(description, words=words, most=MOST + 1))
        if rows:
            columns = [column for column in description.columns if not column.only_in_file][:MOST_COLUMNS]
            asked: dict[str, Any] = {"q": words, **place.everything}
            more = url_for(place.endpoint, **asked) if len(rows) > MOST else None
            found.append(
                Found(
                    title=description.title,
                    columns=columns,
                    rows=[(row, place.row_url(row)) for row in rows[:MOST]],
                    more_url=more,
                )
            )
    return found
