"""Reading terms of sale."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from eventsapp.core import facts
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.files.queries import is_named_in
from eventsapp.terms.models import AcceptedTerms, ConsumerSettings, TermsVersion
from eventsapp.terms.values import Terms

#: Of the site's text that shows them.
SLUG = "conditions-generales"

_FOLDER = Path(__file__).resolve().parent / "texts"


def in_force(today: date, *, locale: str) -> Terms:
    """Return the terms that an order placed ``today`` accepts, in ``locale`` where the office wrote them in it.

    What the office wrote in French counts more than what is shipped in another language.
    """
    version = version_in_force(today)
    return shipped(locale) if version is None else as_written(version, locale=locale)


def version_in_force(today: date) -> TermsVersion | None:
    """Return the version in force, or ``None`` while the shipped text stands; of one day's the last written."""
    return db.session.scalar(
        sa.select(TermsVersion)
        .where(TermsVersion.in_force_from <= today)
        .order_by(TermsVersion.in_force_from.desc(), TermsVersion.number.desc())
        .limit(1)
    )


def as_written(version: TermsVersion, *, locale: str) -> Terms:
    """Return a version in ``locale``, or in French where it was not written in it."""
    translated = locale != DEFAULT_LOCALE and bool(version.body_en)
    return Terms(
        number=version.number,
        locale=locale if translated else DEFAULT_LOCALE,
        title=version.title_en if translated else version.title,
        body=version.body_en if translated else version.body,
        version_id=version.id,
        in_force_from=version.in_force_from,
    )


@cache
def shipped(locale: str) -> Terms:
    """Return the text that comes with the application."""
    title, body = facts.title_and_body((_FOLDER / locale / f"{SLUG}.md").read_text(encoding="utf-8"))
    return Terms(number=0, locale=locale, title=title, body=body)


def file_is_named(today: date) -> sa.ColumnElement[bool]:
    """Be the file of the enclosing query named in terms that are in force, or were."""
    return sa.exists().where(TermsVersion.in_force_from <= today, is_named_in(TermsVersion.body, TermsVersion.body_en))


def versions() -> Sequence[TermsVersion]:
    """Return every version, the latest first."""
    return db.session.scalars(sa.select(TermsVersion).order_by(TermsVersion.number.desc())).all()


def by_number(number: int) -> TermsVersion | None:
    """Return the version with that number."""
    return db.session.scalar(sa.select(TermsVersion).where(TermsVersion.number == number))


def last_number() -> int:
    """Return the number of the last version written; 0 for none."""
    return db.session.scalar(sa.select(sa.func.max(TermsVersion.number))) or 0


def accepted(accepted_id: int) -> AcceptedTerms:
    """Return a text as buyers accepted it."""
    return db.session.get_one(AcceptedTerms, accepted_id)


def accepted_by_fingerprint(fingerprint: str) -> AcceptedTerms | None:
    """Return the accepted text with that fingerprint."""
    return db.session.scalar(sa.select(AcceptedTerms).where(AcceptedTerms.fingerprint == fingerprint))


def consumer_settings() -> ConsumerSettings:
    """Return what the office says of consumers."""
    return db.session.scalars(sa.select(ConsumerSettings)).one()


def known_facts() -> dict[str, str]:
    """Return what the site's texts may name: the settings, and the mediator."""
    return facts.known() | {"mediator": consumer_settings().mediator}
