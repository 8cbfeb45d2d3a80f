"""Cities where days are held, and the venues in them."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model


class City(Model):
    """A town; its place on the map, in degrees."""

    __tablename__ = "cities"
    __shown_in__ = "days"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    #: The department's name, to tell two towns of one name apart.
    department: Mapped[str] = mapped_column(sa.String(100), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")


class Venue(Model):
    """A building, how to get there and how to get in."""

    __tablename__ = "venues"
    __shown_in__ = "days"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(150))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    city_id: Mapped[int] = mapped_column(sa.ForeignKey("cities.id"), index=True)
    city: Mapped[City] = relationship(lazy="raise")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    access_by_train: Mapped[str] = mapped_column(sa.Text, default="")
    access_by_road: Mapped[str] = mapped_column(sa.Text, default="")
    #: Step-free way in, lifts, reserved seats, hearing loop: in words.
    accessibility: Mapped[str] = mapped_column(sa.Text, default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
