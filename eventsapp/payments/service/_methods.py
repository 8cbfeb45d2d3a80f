"""Payment methods as the office writes them; orders placed before keep their terms."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import slugs, texts
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict
from eventsapp.payments import queries, rules
from eventsapp.payments.errors import MethodInUse
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.values import MethodDraft

#: Words that no method is called by: they are pages beside those of the methods.
RESERVED = frozenset({"nouveau", "apercu"})


def add_method(draft: MethodDraft, *, place: int, actor: User, now: datetime) -> PaymentMethod:
    """Write a new method at ``place`` (from 1) among the others; its code comes of its name. Raises ``Invalid``."""
    others = _lock_all()
    rules.require_possible(draft, takes_cards=queries.takes_cards())
    rules.require_own_name(draft.name, (other.name for other in others))
    added = PaymentMethod(
        code=texts.free_code(
            slugs.slugify(draft.name),
            taken={*RESERVED, *(other.code for other in others)},
            longest=rules.CODE_LENGTH,
        ),
        position=0,
        **_columns(draft),
    )
    db.session.add(added)
    _put(added, place, others)
    db.session.flush()
    changes = audit.difference({}, {"code": added.code, **_told(draft)})
    audit.record("payment_methods.create", subject=subject(added), now=now, actor=actor, changes=changes)
    return added


def edit_method(
    method: PaymentMethod, draft: MethodDraft, *, place: int, version: int, actor: User, now: datetime
) -> None:
    """Write what ``method`` says from now on, and its ``place`` (from 1) in the list.

    Raises ``Conflict`` when somebody saved after ``version`` was read, and ``Invalid``.
    """
    others = _lock_all(but=method)
    if method.version != version:
        raise Conflict("Quelqu’un a modifié ce mode de règlement depuis que vous l’avez ouvert.")
    takes_cards = queries.takes_cards()
    rules.require_possible(draft, takes_cards=takes_cards)
    rules.require_own_name(draft.name, (other.name for other in others))
    rules.require_same_means(draft, online=method.online, means_code=method.means_code, uses=queries.uses_of(method))
    rules.require_one_left(
        (other.enabled and (takes_cards or not other.online) for other in others), offered=draft.enabled
    )
    before = {"position": method.position, **_told(method.draft)}
    for name, value in _columns(draft).items():
        setattr(method, name, value)
    _put(method, place, others)
    method.version += 1
    changes = audit.difference(before, {"position": method.position, **_told(draft)})
    audit.record("payment_methods.edit", subject=subject(method), now=now, actor=actor, changes=changes)


def remove_method(method: PaymentMethod, *, actor: User, now: datetime) -> None:
    """Delete a method that nothing refers to, with its reminders; raises ``MethodInUse`` and ``Invalid``.

    The database has the last word: an order placed at the same moment keeps its method.
    """
    others = _lock_all(but=method)
    rules.require_unused(queries.uses_of(method))
    takes_cards = queries.takes_cards()
    rules.require_one_left((other.enabled and (takes_cards or not other.online) for other in others), offered=False)
    told = audit.difference({"code": method.code, **_told(method.draft)}, dict.fromkeys(("code", "name")))
    named = subject(method)
    try:
        with db.session.begin_nested():
            db.session.delete(method)
    except IntegrityError as error:
        raise MethodInUse(_("Un devis ou une commande s’y réfère : ce mode ne se supprime pas.")) from error
    audit.record("payment_methods.delete", subject=named, now=now, actor=actor, changes=told)


def subject(method: PaymentMethod) -> tuple[str, int, str]:
    """Return how the history names ``method``."""
    return ("payment_method", method.id, method.name)


def _lock_all(*, but: PaymentMethod | None = None) -> Sequence[PaymentMethod]:
    """Keep every method from other editors until the transaction ends; return the others than ``but``, in their order.

    All of them, because whether one may go is a question about the others. Orders refer to them meanwhile as they like.
    """
    rows = db.session.scalars(
        sa.select(PaymentMethod)
        .order_by(PaymentMethod.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    others = [row for row in rows if but is None or row.id != but.id]
    return sorted(others, key=lambda row: (row.position, row.id))


def _put(method: PaymentMethod, place: int, others: Sequence[PaymentMethod]) -> None:
    """Number all methods anew, with ``method`` at ``place``."""
    row = list(others)
    row.insert(max(0, place - 1), method)
    for position, each in enumerate(row, start=1):
        if each.position != position:
            each.position = position


def _columns(draft: MethodDraft) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(draft).items()}


def _told(draft: MethodDraft) -> dict[str, Any]:
    """Return what the history says of a method."""
    return {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in asdict(draft).items()}
