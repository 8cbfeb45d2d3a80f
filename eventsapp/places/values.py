"""What the office writes of a city and of a venue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDraft:
    """A city; its place on the map in degrees."""

    name: str
    department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDraft:
    """A venue, how to get there and how to get in."""

    name: str
    city_id: int
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    access_by_train: str = ""
    access_by_road: str = ""
    accessibility: str = ""
    step_free: bool = False
    hearing_loop: bool = False
