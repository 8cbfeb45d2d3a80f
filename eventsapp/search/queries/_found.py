"""What a search finds: all its words, accents and endings ignored; names of people with a slip of the pen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from eventsapp.core.db import db, on_sqlite
from eventsapp.core.pagination import Page, within
from eventsapp.search import rules
from eventsapp.search.models import entries, fts, trigrams, vectors
from eventsapp.search.rules import Term
from eventsapp.search.values import Hit, Kind

#: How much a word weighs in the title, in names, in the text.
_WEIGHTS = (8.0, 4.0, 1.0)
#: The rank of names that are only alike: after everything else.
_ALIKE_RANK = 1_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what a search found, and how much of each kind there is."""

    page: Page[Hit]
    counts: Mapping[Kind, int]


def find(searched: str, *, kind: Kind | None = None, page: int = 1, size: int = 20) -> Found:
    """Return a page of what ``searched`` finds, of one kind when given, the best first. Two queries at most."""
    terms = rules.terms(searched)
    if not terms:
        return Found(page=Page(items=[], number=1, size=size, total=0), counts={})
    ranked = _ranked(searched, terms).subquery()
    found = sa.join(entries, ranked, ranked.c.entry_id == entries.c.id)
    counted = db.session.execute(sa.select(entries.c.kind, sa.func.count()).select_from(found).group_by(entries.c.kind))
    counts = {Kind(name): count for name, count in counted}
    total = counts.get(kind, 0) if kind else sum(counts.values())
    number = within(page, size=size, total=total)
    if not total:
        return Found(page=Page(items=[], number=1, size=size, total=0), counts=counts)
    statement = (
        sa.select(entries)
        .select_from(found)
        .order_by(ranked.c.rank, entries.c.held_on.desc().nulls_last(), entries.c.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    if kind is not None:
        statement = statement.where(entries.c.kind == kind)
    hits = [_hit(row, terms) for row in db.session.execute(statement)]
    return Found(page=Page(items=hits, number=number, size=size, total=total), counts=counts)


def has_words(searched: str) -> bool:
    """Return whether there is anything to search for."""
    return bool(rules.terms(searched))


def days_matching(searched: str) -> sa.Select[int] | None:
    """Return the keys of the days that ``searched`` finds, to narrow a list by; ``None`` when it has no word."""
    return _keys(searched, Kind.DAY)


def speakers_matching(searched: str) -> sa.Select[int] | None:
    """Return the keys of the speakers that ``searched`` finds, to narrow a list by; ``None`` when it has no word."""
    return _keys(searched, Kind.SPEAKER)


def _keys(searched: str, kind: Kind) -> sa.Select[int] | None:
    terms = rules.terms(searched)
    if not terms:
        return None
    ranked = _ranked(searched, terms).subquery()
    return sa.select(entries.c.object_id).join(ranked, ranked.c.entry_id == entries.c.id).where(entries.c.kind == kind)


def _ranked(searched: str, terms: Sequence[Term]) -> sa.CompoundSelect[Any] | sa.Select[Any]:
    """Return the keys of the entries found, each with a rank, the smallest best."""
    exact = _on_sqlite(terms) if on_sqlite() else _on_postgresql(terms)
    needed = rules.shared_for(searched)
    if not needed:
        return exact
    found = exact.subquery()
    speaker_found = (
        sa.exists().where(entries.c.id == found.c.entry_id, entries.c.kind == Kind.SPEAKER).select_from(entries, found)
    )
    shared = sa.func.count()
    alike = (
        sa.select(trigrams.c.entry_id, (_ALIKE_RANK - shared).label("rank"))
        .where(trigrams.c.trigram.in_(sorted(rules.trigrams(searched))), ~speaker_found)
        .group_by(trigrams.c.entry_id)
        .having(shared >= needed)
    )
    # A name that is alike may hold the searched words elsewhere; it is listed once, where it ranks best.
    both = sa.union_all(exact, alike).subquery()
    return sa.select(both.c.entry_id, sa.func.min(both.c.rank).label("rank")).group_by(both.c.entry_id)


def _on_sqlite(terms: Sequence[Term]) -> sa.Select[Any]:
    wanted = _expression(terms, quote='"', either=" OR ", both=" AND ", beginning=" *")
    table: sa.ColumnClause[str] = sa.literal_column("search_index")
    return (
        sa.select(fts.c.rowid.label("entry_id"), sa.func.bm25(table, *_WEIGHTS).label("rank"))
        .select_from(fts)
        .where(table.op("MATCH")(wanted))
    )


def _on_postgresql(terms: Sequence[Term]) -> sa.Select[Any]:
    wanted = _expression(terms, quote="'", either=" | ", both=" & ", beginning=":*")
    query = sa.cast(sa.literal(wanted, sa.String()), TSQUERY)
    title, names, body = (weight / _WEIGHTS[0] for weight in _WEIGHTS)
    weights = sa.cast(sa.literal(f"{{0, {body}, {names}, {title}}}"), sa.ARRAY(sa.REAL))
    return sa.select(vectors.c.entry_id, (-sa.func.ts_rank(weights, vectors.c.vector, query)).label("rank")).where(
        vectors.c.vector.op("@@")(query)
    )


def _expression(terms: Sequence[Term], *, quote: str, either: str, both: str, beginning: str) -> str:
    """Return the terms in the database's language; forms are letters and digits only, so quoting them is enough."""
    groups = []
    for term in terms:
        choices = [f"{quote}{form}{quote}" for form in term.forms]
        if term.prefix:
            choices.append(f"{quote}{term.prefix}{quote}{beginning}")
        groups.append(f"({either.join(choices)})")
    return both.join(groups)


def _hit(row: Any, terms: Sequence[Term]) -> Hit:
    return Hit(
        kind=Kind(row.kind),
        slug=row.slug,
        position=row.position,
        held_on=row.held_on,
        title=rules.marked(row.title, terms),
        excerpt=rules.excerpt(row.text, terms),
        detail=row.detail,
        reserved=row.reserved,
    )
