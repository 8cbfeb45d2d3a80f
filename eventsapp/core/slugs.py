"""Readable addresses, and the former ones that must still lead somewhere."""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.routing import BaseConverter, IntegerConverter, Map, UnicodeConverter

from eventsapp.core.db import Base, Model, db

#: The longest slug made from a title; a typed one may be as long as its column.
LENGTH = 80
#: The greatest whole number that a column holds.
LARGEST_NUMBER = 2**31 - 1
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "-", "'": "-"})


class FormerSlug(Model):
    """An address that something had before; it leads to the present one for good (301)."""

    __tablename__ = "former_slugs"
    __table_args__ = (sa.UniqueConstraint("kind", "slug"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    slug: Mapped[str] = mapped_column(sa.String(120))
    object_id: Mapped[int]


class PlainConverter(UnicodeConverter):
    """``<name>`` in an address: no control characters, which PostgreSQL cannot even compare with."""

    def __init__(self, map: Map, minlength: int = 1, maxlength: int | None = None, length: int | None = None) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, minlength, maxlength, length)
        self.regex = self.regex.replace("[^/]", r"[^/\x00-\x1f]")


class NumberConverter(IntegerConverter):
    """``<int:…>`` in an address: no number beyond what a column holds, which PostgreSQL cannot even compare with."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, **{"max": LARGEST_NUMBER} | options)


class SlugConverter(BaseConverter):
    """``<slug:…>`` in an address: anything that no slug can be is not found, without asking the database."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def slugify(text: str) -> str:
    """Return ``text`` in the alphabet of addresses: « Angers & son agglo » is ``angers-son-agglo``."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return slug[:LENGTH].rstrip("-") or "sans-titre"


def free_slug(model: type[Base], wanted: str, *, but: int | None = None) -> str:
    """Return ``wanted`` or, where another row of ``model`` has it, ``wanted-2``, ``wanted-3`` and so on."""
    column = model.__table__.c.slug
    statement = sa.select(column).where(sa.or_(column == wanted, column.startswith(f"{wanted}-", autoescape=True)))
    if but is not None:
        statement = statement.where(model.__table__.c.id != but)
    taken = set(db.session.scalars(statement))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def remember(kind: str, slug: str, *, object_id: int) -> None:
    """Let the former address ``slug`` lead to ``object_id`` from now on."""
    former = db.session.scalar(sa.select(FormerSlug).where(FormerSlug.kind == kind, FormerSlug.slug == slug))
    if former is None:
        db.session.add(FormerSlug(kind=kind, slug=slug, object_id=object_id))
    else:
        former.object_id = object_id


def owner_of(kind: str, slug: str) -> int | None:
    """Return the key of what had the address ``slug``, or ``None``."""
    return db.session.scalar(sa.select(FormerSlug.object_id).where(FormerSlug.kind == kind, FormerSlug.slug == slug))


def hand_over(kind: str, *, from_id: int, to_id: int) -> None:
    """Let every former address of one thing lead to another that takes its place."""
    db.session.execute(
        sa.update(FormerSlug).where(FormerSlug.kind == kind, FormerSlug.object_id == from_id).values(object_id=to_id)
    )
