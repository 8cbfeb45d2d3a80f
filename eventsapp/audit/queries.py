"""Reading the history."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from eventsapp.audit.models import AuditEntry
from eventsapp.audit.statuses import action_label
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing


def history_of(
    kind: str, key: int, *, most: int | None = 100, actions: Collection[str] | None = None
) -> Sequence[AuditEntry]:
    """Return the last ``most`` lines about one thing, or all of them, the newest first; of ``actions``, where given."""
    asked = [AuditEntry.subject_kind == kind, AuditEntry.subject_id == key]
    if actions is not None:
        asked.append(AuditEntry.action.in_(actions))
    return db.session.scalars(
        sa.select(AuditEntry).where(*asked).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most)
    ).all()


def entry(entry_id: int) -> AuditEntry | None:
    """Return that line, or ``None``."""
    return db.session.get(AuditEntry, entry_id)


def history_list() -> Listing:
    """Describe the office's list of all that was done."""
    return Listing(
        name="journal",
        title=_l("Journal"),
        statement=sa.select(AuditEntry),
        search=(AuditEntry.actor_label, AuditEntry.subject_label),
        search_hint=_l("Qui, ou quoi"),
        filters=(
            Choice(
                name="action",
                label=_l("Action"),
                options=_actions_there_are,
                where=lambda action: AuditEntry.action == action,
            ),
            Dates(name="date", label=_l("Date"), column=AuditEntry.at),
        ),
        columns=(
            Column("quand", _l("Quand"), lambda line: line.at, kind=Kind.MOMENT, sort=AuditEntry.at),
            Column("qui", _l("Qui"), lambda line: line.actor_label, sort=AuditEntry.actor_label, on_phone=False),
            Column(
                "quoi",
                _l("Quoi"),
                lambda line: line.subject_label,
                opens=True,
                second=lambda line: f"{line.actor_label} {action_label(line.action)}",
                second_label=_l("Action"),
            ),
            Column("changements", _l("Champs"), lambda line: ", ".join(line.changes), on_phone=False),
        ),
        order=(AuditEntry.at.desc(), AuditEntry.id.desc()),
        count_bound=10_000,
        empty=_l("Chaque changement paraîtra ici, avec son auteur."),
    )


def _actions_there_are() -> dict[str, str]:
    """Return the actions that anything was done by: the first one, and each time the next one, all by the index."""
    found = sa.select(sa.func.min(AuditEntry.action).label("action")).cte("found", recursive=True)
    after = sa.select(sa.func.min(AuditEntry.action)).where(AuditEntry.action > found.c.action).correlate(found)
    found = found.union_all(sa.select(after.scalar_subquery()).where(found.c.action.is_not(None)))
    actions = db.session.scalars(sa.select(found.c.action).where(found.c.action.is_not(None))).all()
    return dict(sorted(((action, action_label(action)) for action in actions), key=lambda pair: pair[1]))
