"""Looking for somebody everywhere in the database."""

import sqlalchemy as sa

from eventsapp.core.db import Base, db


def tables_with(text: str) -> list[str]:
    """Return the tables that hold ``text`` in any row, whatever the column."""
    db.session.expire_all()
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table)).all()
        if any(text in str(value) for row in rows for value in row):
            found.append(table.name)
    return found
