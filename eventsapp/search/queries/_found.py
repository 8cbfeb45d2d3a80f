"""What a search finds: all its words, accents and endings ignored; names of people with a slip of the pen."""

from collections.abc import Collection, Mapping, Sequence
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
#: What a title that has all the words is ranked before; names that are only alike come after everything.
_TITLE_RANK, _ALIKE_RANK = 1_000.0, 1_000.0
#: The most names that are only alike.
MOST_ALIKE = 20
#: The most entries that are counted and ranked: of a word that stands everywhere, those written last.
MOST_RANKED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what a search found, and how much of each kind there is."""

    page: Page[Hit]
    #: Empty where there is more than is counted.
    counts: Mapping[Kind, int]
    #: Whether there is more: then only the ``MOST_RANKED`` written last are in it.
    is_broad: bool = False


def find(searched: str, *, kind: Kind | None = None, page: int = 1, size: int = 20) -> Found:
    """Return a page of what ``searched`` finds, of one kind when given, the best first. Four queries at most.

    When no speaker is found by these words, those whose names are like them are. Of more than ``MOST_RANKED``, only
    those written last are ranked: a word of every text costs no more than another.
    """
    terms = rules.terms(searched)
    if not terms:
        return Found(page=Page(items=[], number=1, size=size, total=0), counts={})
    beyond = _first_beyond(terms, kind)
    if beyond is not None:
        number = within(page, size=size, total=MOST_RANKED)
        newest = _ranked(terms, [], after=beyond)
        hits = _hits(newest, terms, kind=kind, number=number, size=size)
        return Found(page=Page(items=hits, number=number, size=size, total=MOST_RANKED), counts={}, is_broad=True)
    counted = db.session.execute(
        sa.select(entries.c.kind, sa.func.count()).where(entries.c.id.in_(_exact(terms))).group_by(entries.c.kind)
    )
    counts = {Kind(name): count for name, count in counted}
    alike = [] if Kind.SPEAKER in counts else _keys_of_alike(searched)
    if alike:
        counts[Kind.SPEAKER] = len(alike)
    total = counts.get(kind, 0) if kind else sum(counts.values())
    if not total:
        return Found(page=Page(items=[], number=1, size=size, total=0), counts=counts)
    number = within(page, size=size, total=total)
    hits = _hits(_ranked(terms, alike), terms, kind=kind, number=number, size=size)
    return Found(page=Page(items=hits, number=number, size=size, total=total), counts=counts)


def _first_beyond(terms: Sequence[Term], kind: Kind | None) -> int | None:
    """Return the key of the newest entry that is one too many, of one kind when given; ``None`` when all count."""
    found = _exact(terms)
    key = found.selected_columns.entry_id
    if kind is not None:
        found = found.join(entries, entries.c.id == key).where(entries.c.kind == kind)
    beyond: int | None = db.session.scalar(found.order_by(key.desc()).offset(MOST_RANKED).limit(1))
    return beyond


def _hits(
    found: sa.Select[Any] | sa.CompoundSelect[Any], terms: Sequence[Term], *, kind: Kind | None, number: int, size: int
) -> list[Hit]:
    ranked = found.subquery()
    statement = (
        sa.select(entries)
        .join(ranked, ranked.c.entry_id == entries.c.id)
        .order_by(ranked.c.rank, entries.c.held_on.desc().nulls_last(), entries.c.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    if kind is not None:
        statement = statement.where(entries.c.kind == kind)
    return [_hit(row, terms) for row in db.session.execute(statement)]


def has_words(searched: str) -> bool:
    """Return whether there is anything to search for."""
    return bool(rules.terms(searched))


def has_entry(searched: str) -> bool:
    """Return whether anything has all these words."""
    terms = rules.terms(searched)
    return bool(terms) and db.session.scalar(sa.select(_exact(terms).exists())) is True


def days_matching(searched: str) -> sa.Select[int] | None:
    """Return the keys of the days that ``searched`` finds, to narrow a list by; ``None`` when it has no word."""
    terms = rules.terms(searched)
    return _objects(Kind.DAY, _exact(terms)) if terms else None


def speakers_matching(searched: str) -> sa.Select[int] | None:
    """Return the keys of the speakers that ``searched`` finds, to narrow a list by; ``None`` when it has no word.

    Asks whether anybody is found by these words, and if not, who has a name like them.
    """
    terms = rules.terms(searched)
    if not terms:
        return None
    found = _objects(Kind.SPEAKER, _exact(terms))
    if db.session.scalar(sa.select(found.exists())):
        return found
    return sa.select(entries.c.object_id).where(entries.c.id.in_(_keys_of_alike(searched)))


def articles_by_day(days: Collection[int]) -> Mapping[int, int]:
    """Return day → how many published articles are about it, as the index knows; days without are left out."""
    return dict(
        db.session.execute(
            sa.select(entries.c.study_day_id, sa.func.count())
            .where(entries.c.study_day_id.in_(days), entries.c.kind == Kind.ARTICLE)
            .group_by(entries.c.study_day_id)
        ).all()
    )


def _objects(kind: Kind, found: sa.Select[Any]) -> sa.Select[int]:
    return sa.select(entries.c.object_id).where(entries.c.kind == kind, entries.c.id.in_(found))


def _exact(terms: Sequence[Term], *, ranked: bool = False) -> sa.Select[Any]:
    """Return the keys of the entries that have all the words, with their rank if asked, the smallest best."""
    return _on_sqlite(terms, ranked=ranked) if on_sqlite() else _on_postgresql(terms, ranked=ranked)


def _ranked(
    terms: Sequence[Term], alike: Sequence[int], *, after: int | None = None
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    exact = _exact(terms, ranked=True)
    if after is not None:
        exact = exact.where(exact.selected_columns.entry_id > after)
    if not alike:
        return exact
    order = sa.case({key: place for place, key in enumerate(alike)}, value=entries.c.id)
    return sa.union_all(exact, sa.select(entries.c.id, _ALIKE_RANK + order).where(entries.c.id.in_(alike)))


def _keys_of_alike(searched: str) -> Sequence[int]:
    """Return the entries of the speakers whose names are like the searched one, the likest first."""
    needed = rules.shared_for(searched)
    if not needed:
        return []
    shared = sa.func.count()
    return db.session.scalars(
        sa.select(trigrams.c.entry_id)
        .where(trigrams.c.trigram.in_(sorted(rules.trigrams(searched))))
        .group_by(trigrams.c.entry_id)
        .having(shared >= needed)
        .order_by(shared.desc(), trigrams.c.entry_id)
        .limit(MOST_ALIKE)
    ).all()


def _on_sqlite(terms: Sequence[Term], *, ranked: bool) -> sa.Select[Any]:
    wanted = _expression(terms, quote='"', either=" OR ", both=" AND ", beginning=" *")
    table: sa.ColumnClause[str] = sa.literal_column("search_index")
    found = sa.select(fts.c.rowid.label("entry_id")).select_from(fts).where(table.op("MATCH")(wanted))
    if not ranked:
        return found
    titled = sa.select(fts.c.rowid).select_from(fts).where(table.op("MATCH")(f"title : ({wanted})"))
    return found.add_columns(_rank(sa.func.bm25(table, *_WEIGHTS), in_title=fts.c.rowid.in_(titled)))


def _on_postgresql(terms: Sequence[Term], *, ranked: bool) -> sa.Select[Any]:
    def query(places: str = "") -> sa.ColumnElement[Any]:
        """Return the terms as a query; ``places`` are the weights that it looks at, all when empty."""
        form = f":{places}" if places else ""
        wanted = _expression(terms, quote="'", either=" | ", both=" & ", beginning=f":*{places}", form=form)
        return sa.cast(sa.literal(wanted, sa.String()), TSQUERY)

    found = sa.select(vectors.c.entry_id).where(vectors.c.vector.op("@@")(query()))
    if not ranked:
        return found
    title, names, body = (weight / _WEIGHTS[0] for weight in _WEIGHTS)
    weights = sa.cast(sa.literal(f"{{0, {body}, {names}, {title}}}"), sa.ARRAY(sa.REAL))
    rank = -sa.func.ts_rank(weights, vectors.c.vector, query())
    return found.add_columns(_rank(rank, in_title=vectors.c.vector.op("@@")(query("A"))))


def _rank(rank: sa.ColumnElement[Any], *, in_title: sa.ColumnElement[Any]) -> sa.Label[Any]:
    """Put what has all the words in its title first: a long text would make its title count for little."""
    return (rank - sa.case((in_title, _TITLE_RANK), else_=0.0)).label("rank")


def _expression(terms: Sequence[Term], *, quote: str, either: str, both: str, beginning: str, form: str = "") -> str:
    """Return the terms in the database's language; forms are letters and digits only, so quoting them is enough.

    ``beginning`` follows what begins a word, ``form`` a whole one.
    """
    groups = []
    for term in terms:
        choices = [f"{quote}{word}{quote}{form}" for word in term.forms]
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
