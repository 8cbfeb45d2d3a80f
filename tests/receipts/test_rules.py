"""Reading a bank's file as banks write them, and matching its lines with orders."""

from datetime import date

import pytest

from eventsapp.payments.values import Part, StatementLine
from eventsapp.receipts import rules
from eventsapp.receipts.errors import PartsDoNotAddUp, UnreadableStatement
from eventsapp.receipts.values import Candidate, Statement

DAY = date(2026, 11, 20)


def candidate(key: int = 1, **values: object) -> Candidate:
    given = {
        "order_id": key,
        "reference": f"2026-ABCD-000{key}",
        "names": ("Ville d’Angers", "Martin"),
        "numbers": (f"F-2026-0000{key}",),
        "balance_cents": 62100,
    }
    return Candidate(**given | values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "encoding"),
    [
        ("Date;Libellé;Montant\n20/11/2026;VIR ÉLÈVE;1 290,00\n", "utf-8"),
        ("\ufeffDate;Libellé;Montant\r\n20/11/2026;VIR ÉLÈVE;1290,00 €\r\n", "utf-8"),
        ("Compte 123\n\nDate opération;Libellé;Débit;Crédit\n20/11/26;VIR ÉLÈVE;;1\u00a0290,00\n", "cp1252"),
        ('Date,Libellé,Montant\n2026-11-20,"VIR ÉLÈVE","+1,290.00"\n', "utf-8"),
        ("Date\tLibellé\tMontant\n20.11.2026\tVIR ÉLÈVE\t1.290,00\n", "cp1252"),
        ("Date;Date valeur;Libellé;Montant\n20/11/2026;22/11/2026;VIR ÉLÈVE;1290\n;;Solde;5000,00\n", "utf-8"),
    ],
)
def test_a_line_reads_alike_however_the_bank_writes_it(file: str, encoding: str) -> None:
    assert rules.read_statement(file.encode(encoding)) == Statement(
        lines=(StatementLine(booked_on=DAY, label="VIR ÉLÈVE", amount_cents=129000),), unreadable=()
    )


@pytest.mark.parametrize("day", ["20.11.26", "20-11-26", "20/11/26", "20-11-2026"])
def test_a_year_has_two_digits_or_four_after_any_mark(day: str) -> None:
    [line] = rules.read_statement(f"Date;Libelle;Montant\n{day};VIR;1,00\n".encode()).lines

    assert line.booked_on == DAY


def test_lines_that_tell_of_money_and_cannot_be_read_are_named_by_their_number() -> None:
    rows = [
        "Compte 123", "Date;Libelle;Montant", "20/11/2026;VIR;1,00", "31/11/2026;VIR;2,00", "20/11/2026;NUL;0,00",
        ";Solde;5000,00", "20/11/2026;VIR;99999999999999,00", "20/11/2026;\"VIR", "LONG\";3,00",
        "20 novembre 2026;VIR;4,00", "20/11/2026;Vide;", "20/11/2026;VIR;21474836,48",
    ]  # fmt: skip
    found = rules.read_statement("\n".join(rows).encode())

    assert [line.amount_cents for line in found.lines] == [100, 300]
    assert found.unreadable == (4, 7, 10, 12)


def test_what_goes_out_is_negative_with_one_column_or_two() -> None:
    one = rules.read_statement(b"Date;Libelle;Montant\n20/11/2026;FRAIS;-12,50\n")
    two = rules.read_statement(b"Date;Libelle;Debit;Credit\n20/11/2026;FRAIS;12,50;\n")

    assert [line.amount_cents for line in (*one.lines, *two.lines)] == [-1250, -1250]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\x00\x01", b"bonjour", b"Date;Libelle\n20/11/2026;X\n"])
def test_a_file_that_is_no_statement_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableStatement):
        rules.read_statement(data)


def test_twins_in_one_file_are_two_and_the_same_file_gives_the_same_marks() -> None:
    line = StatementLine(booked_on=DAY, label="VIR", amount_cents=100)

    marks = rules.fingerprints([line, line])

    assert len(set(marks)) == 2
    assert rules.fingerprints([line, line]) == marks


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("621,00", ["621,00"]),
        ("2026-A + 2026-B;2026-C", ["2026-A", "2026-B", "2026-C"]),
        ("Angers, Nantes", ["Angers", "Nantes"]),
    ],
)
def test_a_search_is_parted_without_breaking_an_amount(text: str, terms: list[str]) -> None:
    assert rules.terms(text) == terms


@pytest.mark.parametrize(
    ("term", "cents"),
    [("621", 62100), ("621,00", 62100), ("621.5", 62150), ("1 290,50 €", 129050), ("2026-A", None), ("Angers", None)],
)
def test_an_amount_is_known_as_people_type_it(term: str, cents: int | None) -> None:
    assert rules.typed_cents(term) == cents


def test_parts_must_make_the_total() -> None:
    parts = [Part(order_id=1, amount_cents=100), Part(order_id=2, amount_cents=50)]

    rules.require_sum(parts, total_cents=150)
    for wrong in (149, 151):
        with pytest.raises(PartsDoNotAddUp):
            rules.require_sum(parts, total_cents=wrong)
    with pytest.raises(PartsDoNotAddUp):
        rules.require_sum([parts[0], parts[0]], total_cents=200)
    with pytest.raises(PartsDoNotAddUp):
        rules.require_sum([], total_cents=0)


def test_a_reference_comes_before_an_amount_and_an_amount_before_a_name() -> None:
    by_name = candidate(1, balance_cents=100, names=("Communauté Vallée Brumath", "Schneider"))
    by_amount = candidate(2, balance_cents=62100, names=("Autre", "X"))
    by_reference = candidate(3, balance_cents=999, names=("Autre", "Y"))

    found = rules.proposals(
        "VIR BRUMATH VALLEE REF F 2026 00003", amount_cents=62100, candidates=[by_name, by_amount, by_reference]
    )

    assert [(one.references, one.reasons) for one in found] == [
        (("2026-ABCD-0003",), ("reference",)),
        (("2026-ABCD-0002",), ("amount",)),
        (("2026-ABCD-0001",), ("name",)),
    ]


def test_one_transfer_that_names_several_orders_is_proposed_for_all() -> None:
    orders = [candidate(key, balance_cents=key * 1000) for key in (1, 2, 3)]

    found = rules.proposals("2026ABCD0001 2026-ABCD-0002 2026-ABCD-0003", amount_cents=6000, candidates=orders)

    assert [part.amount_cents for part in found[0].parts] == [1000, 2000, 3000]


def test_words_that_every_town_hall_has_propose_nothing() -> None:
    assert rules.proposals("VIR VILLE COMMUNE SERVICE", amount_cents=5, candidates=[candidate()]) == []
