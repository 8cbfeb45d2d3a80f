"""The towns of a list of days on the map of France."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from eventsapp.core import i18n
from eventsapp.places.france import LabelledPoint, MapPoint, label_positions, project
from eventsapp.study_days.queries import Town

#: Towns that the map names; with more the names would cover each other.
MOST_TOWNS = 16


def points(towns: Sequence[Town], *, past: bool, address_of: Callable[[Town], str]) -> Sequence[LabelledPoint]:
    """Return the towns as points with names that do not collide: the first dates to come, or the busiest past ones.

    Overseas towns have no place on this map; the list beside it has them all.
    """
    placed = [(town, place) for town in towns if (place := _place(town.latitude, town.longitude)) is not None]
    placed.sort(key=lambda each: (-each[0].count if past else 0, each[0].held_on, each[0].slug))
    soonest = placed[0][0].held_on if placed and not past else None
    return _labelled(
        tuple(
            MapPoint(*place, label=_label(town, past=past), url=address_of(town), active=town.held_on == soonest)
            for town, place in placed[:MOST_TOWNS]
        )
    )


@lru_cache(maxsize=4096)
def _place(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else project(latitude, longitude)


def _label(town: Town, *, past: bool) -> str:
    if past:
        return f"{town.name} ({town.count})" if town.count > 1 else town.name
    return f"{i18n.day_month(town.held_on)} {town.name}"


@lru_cache(maxsize=256)
def _labelled(placed: tuple[MapPoint, ...]) -> Sequence[LabelledPoint]:
    """Keep what was found: placing names takes longer than the rest of the page."""
    return label_positions(placed)
