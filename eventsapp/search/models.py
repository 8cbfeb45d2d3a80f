"""The tables of the search index: derived from the rooms, made anew by ``flask search rebuild``.

``search_index`` is a table with a ``tsvector`` on PostgreSQL and an FTS5 table on SQLite; the migration makes it.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

_metadata = sa.MetaData()

entries = sa.Table(
    "search_entries",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("object_id", sa.Integer, nullable=False),
    sa.Column("study_day_id", sa.Integer),
    sa.Column("slug", sa.String(120), nullable=False),
    sa.Column("position", sa.Integer),
    sa.Column("held_on", sa.Date),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("detail", sa.String(500), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reserved", sa.Boolean, nullable=False),
)

#: The groups of three letters of the names of speakers.
trigrams = sa.Table(
    "search_trigrams",
    _metadata,
    sa.Column("entry_id", sa.Integer, primary_key=True),
    sa.Column("trigram", sa.String(3), primary_key=True),
)

#: The groups of three letters of the words of titles and names: what a mistyped word is compared with.
vocabulary = sa.Table(
    "search_words",
    _metadata,
    sa.Column("trigram", sa.String(3), primary_key=True),
    sa.Column("word", sa.String(40), primary_key=True),
)

#: On PostgreSQL.
vectors = sa.Table(
    "search_index",
    _metadata,
    sa.Column("entry_id", sa.Integer, primary_key=True),
    sa.Column("vector", TSVECTOR, nullable=False),
)

#: On SQLite: the words of each field, in all their forms.
fts = sa.table("search_index", sa.column("rowid"), sa.column("title"), sa.column("names"), sa.column("body"))
