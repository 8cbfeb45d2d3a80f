"""Searching, and reading what there is to index."""

from eventsapp.search.queries._found import Found, articles_by_day, days_matching, find, has_words, speakers_matching
from eventsapp.search.queries._meant import meant
from eventsapp.search.queries._sources import (
    all_speakers,
    articles_touched_by,
    days_and_articles,
    days_touched_by,
    entries_of_articles,
    entries_of_days,
    entries_of_speakers,
    speakers_touched_by,
)

__all__ = [
    "Found",
    "all_speakers",
    "articles_by_day",
    "articles_touched_by",
    "days_and_articles",
    "days_matching",
    "days_touched_by",
    "entries_of_articles",
    "entries_of_days",
    "entries_of_speakers",
    "find",
    "has_words",
    "meant",
    "speakers_matching",
    "speakers_touched_by",
]
