"""Reading the payment journal: its list in the office, and whether its chain holds."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing
from eventsapp.orders.models import Order
from eventsapp.payments import rules
from eventsapp.payments.models import JournalClosing, JournalEntry, JournalHead
from eventsapp.payments.statuses import Movement

MOVEMENT_WORDS = {
    Movement.PAYMENT: _l("Encaissement"),
    Movement.REFUND: _l("Remboursement"),
    Movement.REVERSAL: _l("Contre-passation"),
    Movement.TRANSFER: _l("Transfert entre commandes"),
}
#: Tables to which lines are added and nothing else is done; triggers refuse the rest (migration 20261130_1600).
APPEND_ONLY = (JournalEntry.__tablename__, JournalClosing.__tablename__)
#: How many triggers each has, and how a database says so.
_GUARDS_A_TABLE = 2
_GUARDS = {
    "sqlite": """SELECT tbl_name, count(*) FROM sqlite_master
        WHERE type = 'trigger' AND sql LIKE '%append-only%' GROUP BY tbl_name""",
    "postgresql": """SELECT tgrelid::regclass::text, count(*) FROM pg_trigger
        WHERE tgfoid = to_regproc('append_only') AND tgenabled <> 'D' GROUP BY tgrelid""",
}
#: Rows that are read at a time while the chain is verified.
_BATCH = 1_000


def journal_content(entry: JournalEntry) -> dict[str, Any]:
    """Return what a line says, as it is sealed."""
    return {
        "rank": entry.rank,
        "is_test": entry.is_test,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": str(entry.kind),
        "order": entry.order_reference,
        "amount_cents": entry.amount_cents,
        "method": entry.method,
        "moved_on": entry.moved_on.isoformat(),
        "payment": entry.payment_id,
        "refund": entry.refund_id,
        "reference": entry.reference,
    }


def journal_problems() -> list[str]:
    """Return what is wrong with the chains: lines changed, missing or put in; nothing when they hold."""
    problems = []
    ends = {False: (0, ""), True: (0, "")}
    statement = sa.select(JournalEntry).order_by(JournalEntry.is_test, JournalEntry.rank)
    for entry in db.session.scalars(statement.execution_options(yield_per=_BATCH)):
        rank, previous = ends[entry.is_test]
        name = f"line {entry.rank}{' (trial)' if entry.is_test else ''}, order {entry.order_reference}"
        if entry.rank != rank + 1:
            problems.append(f"{name}: follows line {rank}")
        if entry.previous_hash != previous:
            problems.append(f"{name}: does not hold the hash of the line before")
        if rules.seal(entry.previous_hash, journal_content(entry)) != entry.hash:
            problems.append(f"{name}: was changed after it was written")
        ends[entry.is_test] = (entry.rank, entry.hash)
    kept = {head.is_test: (head.rank, head.hash) for head in db.session.scalars(sa.select(JournalHead))}
    for is_test, (rank, last) in ends.items():
        if kept.get(is_test, (0, "")) != (rank, last):
            problems.append(f"the {'trial ' if is_test else ''}journal ends at line {rank}, and should not")
    return problems


def unguarded_tables() -> list[str]:
    """Return the append-only tables that the database does not keep from being changed: their triggers are gone."""
    statement = _GUARDS[db.session.connection().dialect.name]
    found: dict[str, int] = dict(db.session.execute(sa.text(statement)).all())
    return [table for table in APPEND_ONLY if found.get(table, 0) < _GUARDS_A_TABLE]


def is_in_journal(refund_id: int) -> bool:
    """Return whether a refund moved money: it was done, whatever came afterwards."""
    return db.session.scalar(sa.select(sa.exists().where(JournalEntry.refund_id == refund_id))) is True


def journal_list(*, methods: Mapping[str, str]) -> Listing:
    """Return the list of movements, the latest first; ``methods`` maps codes to names."""
    return Listing(
        name="journal-des-encaissements",
        title=_l("Journal des encaissements"),
        statement=sa.select(JournalEntry).join(JournalEntry.order),
        loads=(contains_eager(JournalEntry.order),),
        search=(JournalEntry.order_reference, JournalEntry.reference, Order.billing_name, Order.last_name),
        search_hint=_l("Commande, numéro, organisme"),
        filters=(
            Choice(
                name="sorte",
                label=_l("Sorte"),
                options={kind.value: str(word) for kind, word in MOVEMENT_WORDS.items()},
                where=lambda kind: JournalEntry.kind == Movement(kind),
            ),
            Choice(name="mode", label=_l("Mode"), options=methods, where=lambda code: JournalEntry.method == code),
            Dates(name="le", label=_l("Date"), column=JournalEntry.moved_on),
        ),
        columns=(
            Column("rang", _l("Rang"), lambda row: row.rank, kind=Kind.NUMBER, on_phone=False),
            Column("le", _l("Date"), lambda row: row.moved_on, kind=Kind.DATE, sort=JournalEntry.moved_on),
            Column(
                "sorte",
                _l("Mouvement"),
                lambda row: MOVEMENT_WORDS[row.kind],
                opens=True,
                second=lambda row: row.reference,
                second_label=_l("Numéro ou motif"),
            ),
            Column("commande", _l("Commande"), lambda row: row.order_reference, kind=Kind.CODE),
            Column("mode", _l("Mode"), lambda row: methods.get(row.method, row.method), on_phone=False),
            Column("montant", _l("Montant"), lambda row: row.amount_cents, kind=Kind.MONEY),
            Column("empreinte", _l("Empreinte"), lambda row: row.hash, only_in_file=True),
        ),
        order=(JournalEntry.is_test, JournalEntry.rank.desc()),
        empty=_l("Chaque mouvement d’argent paraîtra ici, scellé par celui qui le précède."),
    )
