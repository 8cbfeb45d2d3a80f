"""Readings of the demonstration: every kind of reader, over months, more of what is new."""

from flask import Flask

from eventsapp.core import clock
from eventsapp.figures import queries, rules
from eventsapp.figures.statuses import ReadBy


def test_months_have_readings_of_every_kind(demo: Flask) -> None:
    rows = queries.reads_by_month(*rules.usual_period(clock.local_date(clock.now())))

    read = [row for row in rows if row.total]
    assert len(read) >= 7
    assert all(row.of(kind) for row in read[-3:] for kind in ReadBy)
