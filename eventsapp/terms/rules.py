"""Decisions about terms of sale, on plain values."""

import hashlib
import json
from datetime import date

from flask_babel import gettext as _

from eventsapp.core.errors import Invalid
from eventsapp.terms.values import VersionDraft


def fingerprint(*, number: int, locale: str, title: str, body: str) -> str:
    """Return what tells one accepted text from another."""
    return hashlib.sha256(json.dumps([number, locale, title, body]).encode()).hexdigest()


def require_datable(draft: VersionDraft, *, today: date) -> None:
    """Raise ``Invalid`` for a version that would have been in force before anybody could read it."""
    if draft.in_force_from < today:
        message = _("Une version ne vaut pas pour le passé : choisissez aujourd’hui ou plus tard.")
        raise Invalid(message, errors={"/in_force_from": message})


def require_both_in_english(draft: VersionDraft) -> None:
    """Raise ``Invalid`` for a translation without its title, or a title without its text."""
    if bool(draft.title_en) != bool(draft.body_en):
        message = _("Donnez le titre et le texte anglais, ou aucun des deux.")
        field = "title_en" if not draft.title_en else "body_en"
        raise Invalid(message, errors={f"/{field}": message})
