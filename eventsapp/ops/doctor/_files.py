"""I4 and I6: every file is where its row says, and no issued invoice was touched."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from eventsapp.core.db import Model, db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.invoices.models import Invoice

#: A file that nothing refers to is young for that long.
YOUNG = timedelta(hours=24)
_BATCH = 1_000


def changed_invoices() -> list[str]:
    """Return the invoices and credit notes whose PDF is no longer the bytes that were issued, by their SHA-256."""
    rows = db.session.execute(
        sa.select(Invoice.number, StoredFile.key, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == Invoice.pdf_id)
        .order_by(Invoice.id)
        .execution_options(yield_per=_BATCH)
    )
    problems = []
    for number, key, issued in rows:
        path = storage.path_of(key)
        if not path.is_file():
            problems.append(f"{number}: its PDF {key} is gone")
        elif (found := _sha256(path)) != issued:
            problems.append(f"{number}: its PDF {key} was changed: SHA-256 {found[:16]}… instead of {issued[:16]}…")
    return problems


def misplaced(*, now: datetime) -> Iterator[str]:
    """Yield the rows whose file is gone or has another size, and the old files that no row refers to."""
    used = [
        sa.select(column)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == StoredFile.__tablename__ for key in column.foreign_keys)
    ]
    referred = sa.union_all(*(statement.where(statement.selected_columns[0].is_not(None)) for statement in used))
    rows = db.session.execute(
        sa.select(StoredFile.key, StoredFile.size, StoredFile.created_at, StoredFile.id.in_(referred.scalar_subquery()))
    )
    for key, size, created_at, is_referred in rows:
        path = storage.path_of(key)
        if not path.is_file():
            yield f"file {key}: its row is there, the file is not"
        elif path.stat().st_size != size:
            yield f"file {key}: {path.stat().st_size} bytes instead of {size}"
        elif not is_referred and created_at < now - YOUNG:
            yield f"file {key}: nothing refers to it for more than a day"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
