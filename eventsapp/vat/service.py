"""Writing categories of tax and their rates, and the components of a price."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, french, slugs, texts
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.vat import queries, rules
from eventsapp.vat.errors import CategoryInUse, LastRate, RateInForce
from eventsapp.vat.models import ComponentColumns, VatCategory, VatRate
from eventsapp.vat.values import STANDARD, CategoryDraft, Component

#: Words that no category is called by: they are pages beside those of the categories.
RESERVED = frozenset({"nouvelle"})

RowT = TypeVar("RowT", bound=ComponentColumns)


def add_category(draft: CategoryDraft, *, rate: int, valid_from: date, actor: User, now: datetime) -> VatCategory:
    """Write a new category with its first rate; its code comes of its name. Raises ``Invalid``."""
    rules.require_category(draft)
    rules.require_rate(draft.kind, rate)
    last = db.session.scalar(sa.select(sa.func.max(VatCategory.position))) or 0
    added = VatCategory(
        code=texts.free_code(slugs.slugify(draft.name), taken={*RESERVED, *queries.codes()}, longest=rules.CODE_LENGTH),
        position=last + 1,
        rates=[VatRate(valid_from=valid_from, rate=rate)],
        **asdict(draft),
    )
    db.session.add(added)
    db.session.flush()
    changes = audit.difference({}, {"code": added.code, **asdict(draft), "rate": _told(rate, valid_from)})
    audit.record("vat.create", subject=subject(added), now=now, actor=actor, changes=changes)
    return added


def edit_category(category: VatCategory, draft: CategoryDraft, *, version: int, actor: User, now: datetime) -> None:
    """Write what a category says from now on; what is ordered keeps what it was ordered with.

    Raises ``Conflict`` when somebody saved after ``version`` was read, and ``Invalid``.
    """
    _lock(category)
    if category.version != version:
        raise Conflict("Quelqu’un a modifié cette catégorie depuis que vous l’avez ouverte.")
    rules.require_category(draft)
    if draft.kind is not category.kind:
        for rate in category.rates:
            rules.require_rate(draft.kind, rate.rate)
    before, after = asdict(category.draft), asdict(draft)
    for name, value in after.items():
        setattr(category, name, value)
    category.version += 1
    changes = audit.difference(before, after)
    audit.record("vat.edit", subject=subject(category), now=now, actor=actor, changes=changes)


def add_rate(
    category: VatCategory, *, rate: int, valid_from: date, knowingly: bool, actor: User, now: datetime
) -> VatRate:
    """Let another rate be in force from a day on; one of that very day is replaced.

    Raises ``RateInForce`` for a day that has come, unless ``knowingly``, and ``Invalid``.
    """
    _lock(category)
    rules.require_rate(category.kind, rate)
    rules.require_future(valid_from, today=clock.local_date(now), knowingly=knowingly)
    before, in_force = rules.rate_on(category.dated.rates, valid_from), valid_from <= clock.local_date(now)
    row = next((known for known in category.rates if known.valid_from == valid_from), None)
    if before == rate:
        told = _("C’est déjà le taux à cette date.")
        raise Invalid(told, errors={"/rate": told})
    if row is None:
        row = VatRate(valid_from=valid_from, rate=rate)
        category.rates.append(row)
    row.rate = rate
    category.version += 1
    db.session.flush()
    audit.record(
        "vat.rate",
        subject=subject(category),
        now=now,
        actor=actor,
        changes={"rate": [french.percent(before), _told(rate, valid_from)], "in_force": in_force},
    )
    return row


def remove_rate(category: VatCategory, rate_id: int, *, actor: User, now: datetime) -> None:
    """Take back a rate that is not in force yet.

    Raises ``RateInForce`` for another, and ``LastRate`` when there would be none left.
    """
    _lock(category)
    row = next((known for known in category.rates if known.id == rate_id), None)
    if row is None:
        return
    if row.valid_from <= clock.local_date(now):
        raise RateInForce(_("Ce taux est, ou a été, en vigueur : il reste. Ajoutez-en un autre."))
    if len(category.rates) == 1:
        raise LastRate(_("C’est le seul taux de cette catégorie : ajoutez-en un autre avant de le retirer."))
    category.rates.remove(row)
    category.version += 1
    audit.record(
        "vat.rate",
        subject=subject(category),
        now=now,
        actor=actor,
        changes={"rate": [_told(row.rate, row.valid_from), None]},
    )


def remove_category(category: VatCategory, *, actor: User, now: datetime) -> None:
    """Delete a category that never served; raise ``CategoryInUse``.

    The database has the last word: what refers to it at the same moment keeps it.
    """
    _lock(category)
    told = _("Une formule, un tarif ou une commande s’y réfère : elle reste.")
    if category.code == STANDARD or queries.is_used(category.code):
        raise CategoryInUse(told)
    named = subject(category)
    try:
        with db.session.begin_nested():
            db.session.delete(category)
    except IntegrityError as error:
        raise CategoryInUse(told) from error
    audit.record("vat.delete", subject=named, now=now, actor=actor, changes={})


def written(rows: Sequence[RowT], components: Sequence[Component], *, table: type[RowT]) -> list[RowT]:
    """Return the rows of ``components``, those there are written anew in their places, for their owner to have."""
    made = []
    for position, component in enumerate(components, start=1):
        known = next((row for row in rows if row.position == position), None)
        row = known or table(position=position)  # type: ignore[call-arg]
        row.label, row.category, row.cents = component.label, component.category, component.cents
        made.append(row)
    return made


def subject(category: VatCategory) -> tuple[str, int, str]:
    """Return how the history names ``category``."""
    return ("vat_category", category.id, category.name)


def _lock(category: VatCategory) -> None:
    """Keep other editors from a category until the transaction ends; orders refer to it meanwhile as they like.

    It and its rates are then as whoever came first left them.
    """
    db.session.scalars(
        sa.select(VatCategory)
        .where(VatCategory.id == category.id)
        .options(selectinload(VatCategory.rates))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _told(rate: int, valid_from: date) -> str:
    return f"{french.percent(rate)} au {french.date_short(valid_from)}"
