"""Series and themes."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.models import Series, Theme


def save_series(series: Series | None, *, title: str, description: str, actor: User, now: datetime) -> Series:
    """Make a series, or change one; its address stays what it was first."""
    before = {"title": series.title, "description": series.description} if series else {}
    if series is None:
        series = Series(slug=slugs.free_slug(Series, slugs.slugify(title)))
        db.session.add(series)
    series.title, series.description = title, description
    db.session.flush()
    _record(
        "series.edit", ("series", series.id, title), before, {"title": title, "description": description}, actor, now
    )
    return series


def save_theme(theme: Theme | None, *, name: str, name_en: str = "", actor: User, now: datetime) -> Theme:
    """Make a theme, or rename one; its address stays what it was first."""
    before = {"name": theme.name, "name_en": theme.name_en} if theme else {}
    if theme is None:
        theme = Theme(slug=slugs.free_slug(Theme, slugs.slugify(name)))
        db.session.add(theme)
    theme.name, theme.name_en = name, name_en
    db.session.flush()
    _record("themes.edit", ("theme", theme.id, name), before, {"name": name, "name_en": name_en}, actor, now)
    return theme


def delete_series(series: Series, *, actor: User, now: datetime) -> None:
    """Remove a series that no day belongs to; raise ``DayInUse`` otherwise."""
    named = ("series", series.id, series.title)
    _delete(series, _("Des journées appartiennent à cette série ; elle reste."))
    audit.record("series.delete", actor=actor, subject=named, now=now)


def delete_theme(theme: Theme, *, actor: User, now: datetime) -> None:
    """Remove a theme that no day belongs to; raise ``DayInUse`` otherwise."""
    named = ("theme", theme.id, theme.name)
    _delete(theme, _("Des journées portent ce thème ; il reste."))
    audit.record("themes.delete", actor=actor, subject=named, now=now)


def _delete(row: Series | Theme, reason: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.delete(row)
    except IntegrityError as error:
        raise DayInUse(reason) from error


def _record(
    action: str,
    named: tuple[str, int, str],
    before: dict[str, str],
    after: dict[str, str],
    actor: User,
    now: datetime,
) -> None:
    if changes := audit.difference(before, after):
        audit.record(action, actor=actor, subject=named, now=now, changes=changes)
