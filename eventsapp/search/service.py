"""Keeping the search index true, in the transaction of the change itself."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventsapp.core.db import Model, db, on_sqlite
from eventsapp.core.unit_of_work import Changes
from eventsapp.magazine.models import Article, Issue, Section
from eventsapp.places.models import City, Venue
from eventsapp.search import queries, rules
from eventsapp.search.models import entries, fts, trigrams, vectors, vocabulary
from eventsapp.search.values import Entry, Kind
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, Series, StudyDay, StudySession, Theme

#: Rows read and written at once.
BATCH = 100
#: The most places of one word that PostgreSQL is told of, and the last place that it counts.
_MOST_PLACES, _LAST_PLACE = 8, 16_383


def reindex(changes: Changes) -> None:
    """Index what the transaction changed, and what names it: a town's new name reaches all its days.

    Rows changed by plain statements are not among ``changes``; ``rebuild`` would find them.
    """
    touched = _Touched(changes)
    for batch in _batches(touched.days):
        _replace_days(batch)
    for batch in _batches(touched.articles):
        _replace(Kind.ARTICLE, batch, queries.entries_of_articles(batch))
    for batch in _batches(touched.speakers):
        _replace(Kind.SPEAKER, batch, queries.entries_of_speakers(batch))


def rebuild(*, told: Callable[[int], object] = lambda _count: None) -> int:
    """Make the whole index anew; return how many entries it has. ``told`` hears how many are done so far."""
    for table in (trigrams, vocabulary, fts if on_sqlite() else vectors, entries):
        db.session.execute(sa.delete(table))
    done = 0
    # By age, batch by batch: of a word that stands everywhere, the search ranks what has the last keys.
    keys = [*queries.days_and_articles(), *((Kind.SPEAKER, key) for key in queries.all_speakers())]
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        for kind, entries_of in _ENTRIES_OF.items():
            done += len(_write(entries_of([key for one, key in some if one is kind])))
        told(done)
    return done


class _Touched:
    """The keys of the days, articles and speakers whose entries a transaction makes stale."""

    def __init__(self, changes: Changes) -> None:
        self._ids: dict[type[Model], set[int]] = {}
        direct: set[int] = set()
        talks: list[Intervention] = []
        for row in (*changes.rows, *changes.deleted):
            identity = sa.inspect(row).identity
            if identity is None:
                continue
            self._ids.setdefault(type(row), set()).add(identity[0])
            if isinstance(row, StudySession):
                direct.add(row.study_day_id)
            elif isinstance(row, Intervention):
                talks.append(row)
        speakers, articles = self._of(Speaker), self._of(Article)
        direct |= self._of(StudyDay) | queries.days_touched_by(sessions={talk.session_id for talk in talks})
        self.days = direct | queries.days_touched_by(
            series=self._of(Series),
            themes=self._of(Theme),
            cities=self._of(City),
            venues=self._of(Venue),
            speakers=speakers,
        )
        self.articles = articles | queries.articles_touched_by(
            sections=self._of(Section), issues=self._of(Issue), speakers=speakers
        )
        self.speakers = (
            speakers | {talk.speaker_id for talk in talks} | queries.speakers_touched_by(days=direct, articles=articles)
        )

    def _of(self, kind: type[Model]) -> set[int]:
        return self._ids.get(kind, set())


_ENTRIES_OF: dict[Kind, Callable[[Collection[int]], list[Entry]]] = {
    Kind.DAY: queries.entries_of_days,
    Kind.ARTICLE: queries.entries_of_articles,
    Kind.SPEAKER: queries.entries_of_speakers,
}


def _replace_days(ids: Collection[int]) -> None:
    kept = _write(queries.entries_of_days(ids))
    _forget(
        entries.c.study_day_id.in_(ids),
        entries.c.kind.in_([Kind.DAY, Kind.SESSION]),
        entries.c.id.not_in(kept),
    )


def _replace(kind: Kind, ids: Collection[int], made: Sequence[Entry]) -> None:
    kept = _write(made)
    _forget(entries.c.kind == kind, entries.c.object_id.in_(ids), entries.c.id.not_in(kept))


def _write(made: Sequence[Entry]) -> list[int]:
    """Insert the entries or renew those that exist; return their keys.

    One statement compares and writes, so that two transactions that index the same speaker both succeed.
    """
    if not made:
        return []
    shown = [
        {
            "kind": entry.kind,
            "object_id": entry.object_id,
            "study_day_id": entry.study_day_id,
            "slug": entry.slug,
            "position": entry.position,
            "held_on": entry.held_on,
            "title": entry.title,
            "detail": entry.detail,
            "text": entry.text,
            "reserved": entry.reserved,
        }
        for entry in made
    ]
    rows = db.session.execute(
        _upsert(entries, shown, key=("kind", "object_id")).returning(entries.c.kind, entries.c.object_id, entries.c.id)
    )
    keys = {(kind, object_id): key for kind, object_id, key in rows}
    by_key = {keys[entry.kind, entry.object_id]: entry for entry in made}
    _write_words(by_key)
    _write_names(by_key)
    _write_vocabulary(made)
    return list(by_key)


def _write_words(by_key: dict[int, Entry]) -> None:
    if on_sqlite():
        db.session.execute(
            sa.text(
                "INSERT OR REPLACE INTO search_index (rowid, title, names, body) VALUES (:key, :title, :names, :body)"
            ),
            [
                {"key": key, "title": _all_forms(entry.title), "names": _all_forms(entry.names), "body": _body(entry)}
                for key, entry in by_key.items()
            ],
        )
        return
    vector = [
        {"entry_id": key, "vector": sa.cast(sa.literal(_vector(entry), sa.Text()), postgresql.TSVECTOR)}
        for key, entry in by_key.items()
    ]
    db.session.execute(_upsert(vectors, vector, key=("entry_id",)))


def _write_names(by_key: dict[int, Entry]) -> None:
    names = {key: entry.title for key, entry in by_key.items() if entry.kind is Kind.SPEAKER}
    if not names:
        return
    db.session.execute(sa.delete(trigrams).where(trigrams.c.entry_id.in_(names)))
    rows = [
        {"entry_id": key, "trigram": trigram} for key, name in names.items() for trigram in sorted(rules.trigrams(name))
    ]
    if rows:
        insert: Any = (sqlite if on_sqlite() else postgresql).insert(trigrams)
        db.session.execute(insert.on_conflict_do_nothing(), rows)


def _write_vocabulary(made: Sequence[Entry]) -> None:
    """Add the words of titles and names. None is taken out but by ``rebuild``: what is proposed must find something."""
    known = sorted(frozenset().union(*(rules.known_words(f"{entry.title} {entry.names}") for entry in made)))
    rows = [{"trigram": trigram, "word": word} for word in known for trigram in sorted(rules.trigrams(word))]
    if rows:
        insert: Any = (sqlite if on_sqlite() else postgresql).insert(vocabulary)
        db.session.execute(insert.on_conflict_do_nothing(), sorted(rows, key=lambda row: (row["trigram"], row["word"])))


def _forget(*stale: sa.ColumnElement[bool]) -> None:
    keys = db.session.scalars(sa.select(entries.c.id).where(*stale)).all()
    if not keys:
        return
    words = fts.c.rowid if on_sqlite() else vectors.c.entry_id
    db.session.execute(sa.delete(fts if on_sqlite() else vectors).where(words.in_(keys)))
    db.session.execute(sa.delete(trigrams).where(trigrams.c.entry_id.in_(keys)))
    db.session.execute(sa.delete(entries).where(entries.c.id.in_(keys)))


def _upsert(table: sa.Table, rows: list[dict[str, Any]], *, key: tuple[str, ...]) -> Any:
    statement: Any = (sqlite if on_sqlite() else postgresql).insert(table).values(rows)
    renewed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=renewed)


def _all_forms(text: str) -> str:
    return " ".join(form for forms in rules.indexed(text) for form in forms)


def _body(entry: Entry) -> str:
    return _all_forms(f"{entry.text} {entry.more}")


def _vector(entry: Entry) -> str:
    """Return the words of an entry as PostgreSQL writes a ``tsvector``; letters and digits only, nothing to quote."""
    places: dict[str, list[str]] = {}
    place = 0
    for text, weight in ((entry.title, "A"), (entry.names, "B"), (f"{entry.text} {entry.more}", "C")):
        for forms in rules.indexed(text):
            place = min(place + 1, _LAST_PLACE)
            for form in forms:
                known = places.setdefault(form, [])
                if len(known) < _MOST_PLACES:
                    known.append(f"{place}{weight}")
    return " ".join(f"'{form}':{','.join(known)}" for form, known in places.items())


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    """Yield the keys in order, so that two transactions never wait for each other crosswise."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
