import csv
import io
import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsapp.papers import tables
from eventsapp.papers.characters import writable
from eventsapp.papers.errors import PaperFailed
from eventsapp.papers.tables import Column, Kind, csv_chunks, neutralised, original, xlsx_file

COLUMNS = [
    Column("name", "Nom"),
    Column("seats", "Places", Kind.INTEGER, 8),
    Column("paid", "Réglé", Kind.MONEY_CENTS, 12),
    Column("day", "Jour", Kind.DATE, 12),
    Column("at", "Inscrit le", Kind.DATETIME, 18),
]
ROW = {
    "name": "Mairie d’Évry ; service « RH »",
    "seats": 3,
    "paid": 129_010,
    "day": date(2009, 2, 24),
    "at": datetime(2009, 1, 5, 13, 30, 15, tzinfo=UTC),
}
#: What somebody types, what a spreadsheet may not run, and what comes back.
DANGEROUS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u200b=1+1", "＝1+1", "＋1+1", "－1+1",
    "＠A1", "'=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.test";"cliquez")', "+33 6 12 34 56 78",
    "+33612345678", "-12",
]  # fmt: skip
HARMLESS = [
    "Nom",
    "06 12 34 56 78",
    "'guillemet",
    "a=b",
    "x;=1+1",
    'dit "oui"',
    "deux\nlignes",
    "1=1",
    "",
    "  espaces  ",
]


def written_csv(rows: list[dict[str, object]], columns: list[Column] = COLUMNS) -> list[list[str]]:
    text = b"".join(csv_chunks(columns, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def written_xlsx(rows: list[dict[str, object]], columns: list[Column] = COLUMNS, sheet: str = "Inscrits") -> Any:
    with xlsx_file(columns, rows, sheet=sheet) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]


def test_a_csv_file_is_what_french_excel_opens() -> None:
    data = b"".join(csv_chunks(COLUMNS, [ROW]))

    assert data.decode() == (
        '\ufeff"Nom";"Places";"Réglé";"Jour";"Inscrit le"\r\n'
        '"Mairie d’Évry ; service « RH »";"3";"1290,10";"2009-02-24";"2009-01-05 14:30:15"\r\n'
    )


def test_a_sheet_keeps_numbers_dates_and_hours_as_such() -> None:
    sheet = written_xlsx([ROW])

    assert [cell.value for cell in sheet[1]] == ["Nom", "Places", "Réglé", "Jour", "Inscrit le"]
    assert [cell.value for cell in sheet[2]] == [
        ROW["name"], 3, 1290.1, datetime(2009, 2, 24), datetime(2009, 1, 5, 14, 30, 15)  # noqa: DTZ001 - a sheet has no zone
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d"]
    assert "€" in sheet["C2"].number_format
    assert [cell.number_format for cell in sheet[2]][3:] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


def test_the_head_of_a_sheet_stays_in_sight_and_filters() -> None:
    sheet = written_xlsx([ROW, ROW])

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width == pytest.approx(8, abs=1)


def test_a_sheet_without_rows_has_its_head() -> None:
    assert [cell.value for cell in written_xlsx([])[1]] == [column.label for column in COLUMNS]
    assert written_csv([]) == [[column.label for column in COLUMNS]]


def test_what_is_not_known_is_left_empty() -> None:
    empty = dict.fromkeys(ROW)

    assert written_csv([empty, {}])[1:] == [[""] * 5] * 2
    assert [cell.value for cell in written_xlsx([empty])[2]] == [None] * 5


@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_formula_is_disarmed_in_csv_and_comes_back(typed: str) -> None:
    field = written_csv([{"name": typed}], [Column("name", "Nom")])[1][0]

    assert field.startswith("'")
    assert typed.strip() in field
    assert original(field) == writable(typed)


@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_formula_is_text_in_a_sheet_even_after_it_was_edited(typed: str) -> None:
    cell = written_xlsx([{"name": typed}])["A2"]

    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value == writable(typed)


@pytest.mark.parametrize("typed", HARMLESS)
def test_any_other_text_is_written_as_it_is(typed: str) -> None:
    assert written_csv([{"name": typed, "seats": 1}])[1][0] == typed
    cell = written_xlsx([{"name": typed, "seats": 1}])["A2"]
    assert (cell.value or "") == typed
    assert not cell.quotePrefix


def test_the_control_finds_a_formula_that_was_not_disarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_FORMULA", re.compile("never"))

    assert not written_csv([{"name": "=1+1"}], [Column("name", "Nom")])[1][0].startswith("'")
    assert not written_xlsx([{"name": "=1+1"}])["A2"].quotePrefix


def test_a_label_is_no_formula_either() -> None:
    assert written_csv([], [Column("x", "=1+1")]) == [["'=1+1"]]
    assert written_xlsx([], [Column("x", "=1+1")])["A1"].data_type == "s"


def test_a_semicolon_or_a_quote_starts_no_new_field() -> None:
    typed = 'x;=1+1";=2+2\n=3+3'

    rows = written_csv([{"name": typed}])

    assert len(rows) == 2
    assert rows[1] == [typed, "", "", "", ""]


def test_negative_amounts_are_numbers_and_not_formulas() -> None:
    assert written_csv([{"paid": -12_950, "seats": -2}])[1] == ["", "-2", "-129,50", "", ""]
    assert [cell.value for cell in written_xlsx([{"paid": -12_950, "seats": -2}])[2]][1:3] == [-2, -129.5]


@pytest.mark.parametrize("cents", [0, 1, 10, 29, 99, 100, 12_900, 129_010, 1_234_567_89, -1])
def test_amounts_come_back_to_the_cent(cents: int) -> None:
    field = written_csv([{"paid": cents}])[1][2]
    value = written_xlsx([{"paid": cents}])["C2"].value

    assert int(field.replace(",", "")) == cents
    assert round(value * 100) == cents


def test_control_characters_are_left_out_of_both() -> None:
    typed = "a\x00b\x07c\x1bd\x7fe\ufefff\ud83d"

    assert written_csv([{"name": typed}])[1][0] == "abcdef�"
    assert written_xlsx([{"name": typed}])["A2"].value == "abcdef�"


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_every_text_comes_back_from_csv(typed: str) -> None:
    assert original(neutralised(typed)) == writable(typed)


@given(st.text(alphabet="'=+-@＝ \t\r\n\u200ba", max_size=8))
def test_no_field_starts_like_a_formula(typed: str) -> None:
    field = neutralised(typed)

    assert field.lstrip(" \n\u200b")[:1] not in set("=+-@＝＋－＠")
    assert original(field) == writable(typed)


def test_a_text_too_long_for_a_cell_is_cut_with_a_sign() -> None:
    value = written_xlsx([{"name": "é😀" * 20_000}])["A2"].value

    assert value.endswith("…")
    assert len(value.encode("utf-16-le")) // 2 <= tables.MAX_TEXT
    assert written_csv([{"name": "é😀" * 20_000}])[1][0] == "é😀" * 20_000


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("Inscrits", "Inscrits"), ("24/02 [Angers]: *?", "24 02  Angers"), ("x" * 60, "x" * 31), ("'':", "Feuille 1")],
)
def test_any_title_gives_a_name_that_a_sheet_may_have(sheet: str, name: str) -> None:
    assert written_xlsx([], sheet=sheet).title == name


@pytest.mark.parametrize(
    ("key", "value"),
    [("seats", "3"), ("seats", True), ("paid", 12.9), ("day", datetime.now(UTC)), ("at", date(2009, 1, 1))],
)
def test_a_value_of_another_kind_is_a_bug_and_says_so(key: str, value: object) -> None:
    with pytest.raises(TypeError, match=key):
        list(csv_chunks(COLUMNS, [{key: value}]))
    with pytest.raises(TypeError, match=key):
        xlsx_file(COLUMNS, [{key: value}], sheet="x")


def test_hours_are_those_of_the_zone_asked_for() -> None:
    at = [{"at": datetime(2026, 7, 1, 6, 0, tzinfo=UTC)}]

    assert b"2026-07-01 08:00:00" in b"".join(csv_chunks(COLUMNS, at))
    assert b"2026-07-01 10:00:00" in b"".join(csv_chunks(COLUMNS, at, timezone="Indian/Reunion"))


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 3)

    with pytest.raises(PaperFailed, match="more than 3 rows"):
        xlsx_file(COLUMNS, [ROW] * 4, sheet="Inscrits")


def many(count: int) -> Iterator[dict[str, object]]:
    return ({**ROW, "name": f"Personne {number} " * 10} for number in range(count))


def test_rows_are_sent_piece_by_piece() -> None:
    chunks = list(csv_chunks(COLUMNS, many(3_000)))

    assert len(chunks) > 5
    assert all(len(chunk) < 2 * tables.CHUNK for chunk in chunks)


@pytest.mark.parametrize(
    "write",
    [lambda rows: [None for _ in csv_chunks(COLUMNS, rows)], lambda rows: xlsx_file(COLUMNS, rows, sheet="x").close()],
)
def test_memory_is_flat_in_the_number_of_rows(write: Any) -> None:
    write(many(10))
    few, lots = (peak(write, count) for count in (300, 3_000))

    assert lots < few + 300_000


def peak(write: Any, count: int) -> int:
    tracemalloc.start()
    write(many(count))
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest
