"""Spreadsheets: one description of the columns, written as XLSX or as the CSV that French Excel opens without asking.

A text that a spreadsheet would take for a formula is disarmed, and comes back as it was: in XLSX the cell is marked as
text, in CSV an apostrophe stands before it (``original`` takes it away). Rows are read one by one and not kept.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from eventsapp.papers.characters import writable
from eventsapp.papers.errors import PaperFailed

#: What XLSX can hold.
MAX_ROWS = 1_048_575
MAX_TEXT = 32_767
MAX_SHEET_NAME = 31
#: A few hundred rows at a time leave the server.
CHUNK = 64 * 1024
BYTE_ORDER_MARK = "\ufeff"

#: What starts a formula, in full width too, whatever blanks and apostrophes stand before it.
_FORMULA = re.compile(r"['\s\u200b-\u200d\u2060]*[=+\-@＝＋－＠]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class Kind(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    INTEGER = "integer"
    MONEY_CENTS = "money_cents"
    DATE = "date"
    #: Aware; in UTC, written as the wall clock of the sheet's time zone shows it, else as its own does.
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values in each row, what stands above it, and its width in characters."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    width: int = 18


Row = Mapping[str, object]


def csv_chunks(columns: Sequence[Column], rows: Iterable[Row], *, timezone: str = "Europe/Paris") -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with its mark, semicolons, decimal commas, every field quoted."""
    zone = ZoneInfo(timezone)
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.write(BYTE_ORDER_MARK)
    writer.writerow([neutralised(column.label) for column in columns])
    for row in rows:
        writer.writerow([_csv_field(column, row.get(column.key), zone) for column in columns])
        if lines.tell() >= CHUNK:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()


def xlsx_file(
    columns: Sequence[Column], rows: Iterable[Row], *, sheet: str, timezone: str = "Europe/Paris"
) -> IO[bytes]:
    """Return an open temporary file with the sheet, to be sent and closed; it is gone once closed.

    The heads stay in sight and carry filters; amounts are numbers in euros, days and hours real dates.
    Raises ``PaperFailed`` for more rows than a sheet can hold.
    """
    import xlsxwriter  # noqa: PLC0415 - for who asks for a sheet, not for the web server's start

    with ExitStack() as unless_written:
        file = unless_written.enter_context(TemporaryFile())
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            _write_sheet(book, columns, rows, sheet, ZoneInfo(timezone))
        unless_written.pop_all()
    file.seek(0)
    return file


def neutralised(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it, if need be."""
    text = writable(text)
    return f"'{text}" if _FORMULA.match(text) else text


def original(field: str) -> str:
    """Return the text that ``neutralised`` was given, control characters apart."""
    return field[1:] if field.startswith("'") and _FORMULA.match(field) else field


def _write_sheet(book: Any, columns: Sequence[Column], rows: Iterable[Row], sheet: str, zone: ZoneInfo) -> None:
    page = book.add_worksheet(_SHEET_NAME.sub(" ", writable(sheet)).strip("' ")[:MAX_SHEET_NAME] or "Feuille 1")
    formats = _formats(book)
    page.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        page.set_column(position, position, column.width)
        page.write_string(0, position, _fitting(writable(column.label)), formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MAX_ROWS:
            raise PaperFailed(f"{sheet}: more than {MAX_ROWS} rows; a CSV file has no such bound")
        for position, column in enumerate(columns):
            _write_cell(page, (last, position), column, row.get(column.key), zone, formats)
    page.autofilter(0, 0, last, max(len(columns) - 1, 0))


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "quote_prefix": True}),
        "text": book.add_format({"valign": "top"}),
        "disarmed": book.add_format({"valign": "top", "quote_prefix": True}),
        Kind.INTEGER: book.add_format({"valign": "top", "num_format": "0"}),
        Kind.MONEY_CENTS: book.add_format({"valign": "top", "num_format": '#,##0.00\\ "€"'}),
        Kind.DATE: book.add_format({"valign": "top", "num_format": "dd/mm/yyyy", "align": "left"}),
        Kind.DATETIME: book.add_format({"valign": "top", "num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
    }


def _write_cell(
    page: Any, cell: tuple[int, int], column: Column, value: object, zone: ZoneInfo, formats: Mapping[str, Any]
) -> None:
    if value is None:
        return
    plain = _plain(column, value, zone)
    if isinstance(plain, str):
        text = _fitting(writable(plain))
        page.write_string(*cell, text, formats["disarmed" if _FORMULA.match(text) else "text"])
    elif isinstance(plain, date):
        page.write_datetime(*cell, plain, formats[column.kind])
    else:
        page.write_number(*cell, plain, formats[column.kind])


def _csv_field(column: Column, value: object, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    plain = _plain(column, value, zone)
    if isinstance(plain, str):
        return neutralised(plain)
    if isinstance(plain, Decimal):
        return f"{plain:.2f}".replace(".", ",")
    return plain.isoformat(" ", "seconds") if isinstance(plain, datetime) else str(plain)


def _plain(column: Column, value: object, zone: ZoneInfo) -> str | int | Decimal | date:
    """Return the value as the column's kind has it; raise ``TypeError`` for one of another kind."""
    plain = _READERS[column.kind](value, zone)
    if plain is None:
        raise TypeError(f"{column.key}: {value!r} is no {column.kind}")
    return plain


def _wall_clock(value: object, zone: ZoneInfo) -> datetime | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return (value.astimezone(zone) if value.tzinfo is UTC else value).replace(tzinfo=None)


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _euros(value: object) -> Decimal | None:
    cents = _whole(value)
    return None if cents is None else Decimal(cents) / 100


_READERS: dict[Kind, Callable[[object, ZoneInfo], str | int | Decimal | date | None]] = {
    Kind.TEXT: lambda value, _zone: str(value),
    Kind.INTEGER: lambda value, _zone: _whole(value),
    Kind.MONEY_CENTS: lambda value, _zone: _euros(value),
    Kind.DATE: lambda value, _zone: _day(value),
    Kind.DATETIME: _wall_clock,
}


def _fitting(text: str) -> str:
    """Return what an XLSX cell can hold of a text; its bound counts characters beyond the first plane double."""
    if len(text) * 2 <= MAX_TEXT or len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
        return text
    return text.encode("utf-16-le")[: (MAX_TEXT - 1) * 2].decode("utf-16-le", "ignore") + "…"
