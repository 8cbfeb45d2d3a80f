"""What the validators say: nothing of 200 orders of every sort, the broken rule of each wrong document."""

import re
import sys
from dataclasses import replace
from datetime import date

import pytest

from eventsapp.core import settings
from eventsapp.invoices.papers import NO_ANSWER, Problem, _validation, einvoice_xml, problems
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Content, Seller
from eventsapp.payments.rules import MEANS_CODES
from tests.support.makers.invoices import (
    COMPANY,
    DAY,
    PERSON,
    SELLER,
    TERMS,
    TOWN_HALL,
    a_content,
    a_credit_note,
    paid,
    random_contents,
)

COUNT = 200
PROCESS = re.compile(rb"<ram:ID>([A-Z]\d)</ram:ID>")


def test_two_hundred_orders_of_every_sort_break_no_rule() -> None:
    contents = random_contents(COUNT, seed=20261123)

    found = problems([einvoice_xml(content) for content in contents])

    wrong = {content.number: said for content, said in zip(contents, found, strict=True) if said}
    assert wrong == {}
    assert len(found) == COUNT
    assert {content.kind for content in contents} == set(DocumentKind)
    assert {share.rate for content in contents for share in content.shares} == {0, 210, 550, 1000, 2000}
    assert {content.buyer.siret for content in contents} == {TOWN_HALL.siret, COMPANY.siret, ""}
    assert {min(len(content.lines), 20) for content in contents} >= {1, 20}
    assert {len(content.exemptions) for content in contents} == {0, 1, 2}
    assert {content.is_paid for content in contents} == {True, False}


def test_no_means_of_payment_that_a_method_may_have_breaks_a_rule() -> None:
    contents = [
        written
        for code in MEANS_CODES
        for content in (a_content(), a_credit_note())
        for written in (replace(content, payment_means=code), paid(replace(content, payment_means=code)))
        if content.kind is DocumentKind.INVOICE or not written.paid_cents
    ]

    assert [said for said in problems([einvoice_xml(content) for content in contents]) if said] == []


def test_documents_for_chorus_keep_every_rule_but_that_on_their_process() -> None:
    contents = [a_content(), paid(a_content()), a_credit_note(), *random_contents(12, seed=3)]

    documents = [einvoice_xml(content, channel="chorus") for content in contents]
    without_fee = einvoice_xml(a_content(terms=replace(TERMS, recovery_fee="")), channel="chorus")

    *found, of_wrong = problems([*documents, without_fee])

    assert [problem for said in found for problem in said] == []
    assert {process.decode() for document in documents for process in PROCESS.findall(document)} == {"A1", "A2"}
    assert [problem.rule for problem in of_wrong] == ["BR-FR-05_BT-22_PMT"]


#: What is wrong, the content, and the rule that must say so.
WRONG_CONTENTS: dict[str, tuple[Content, str]] = {
    "no recovery fee": (a_content(terms=replace(TERMS, recovery_fee="")), "BR-FR-05_BT-22_PMT"),
    "no penalty": (a_content(terms=replace(TERMS, late_penalty=" ")), "BR-FR-05_BT-22_PMD"),
    "no word on discount": (a_content(terms=replace(TERMS, early_payment="")), "BR-FR-05_BT-22_AAB"),
    "a number with spaces": (a_content(number="F 2026 00042"), "BR-FR-02_BT-1"),
    "a credit note on nothing": (a_credit_note(credits=None), "BR-FR-CO-05_BT-3"),
    "a transfer to no account": (a_content(seller=replace(SELLER, iban="")), "CII-SR-470"),
    "no tax for no reason": (
        a_content(replace(DAY, vat_rate=0)),
        "BR-E-10",
    ),
    "a rate that France has not": (a_content(replace(DAY, vat_rate=220)), "BR-FR-16_BT-119"),
    "a house that is not set up": (
        a_content(seller=Seller(name="", street="", postcode="", city="", siret="", vat_number="")),
        "BR-FR-10_BT-30",
    ),
    "a buyer without a name": (a_content(buyer=replace(TOWN_HALL, name="")), "BR-07"),
    "due before it was issued": (a_content(due_on=date(2026, 11, 22)), "BR-FR-CO-07_BT-9"),
}
#: What stands in a right document, what is put in its place, and the rule that must say so.
TAMPERED = [
    ("<ram:GrandTotalAmount>1209.00", "<ram:GrandTotalAmount>1209.01", "BR-CO-15"),
    ("<ram:DuePayableAmount>1209.00", "<ram:DuePayableAmount>1208.99", "BR-CO-16"),
    ("<ram:LineTotalAmount>126.35", "<ram:LineTotalAmount>126.34", "BR-CO-10"),
    ('schemeID="0002">217500016', 'schemeID="0002">217500017', "BR-FR-09_BT-46"),
    ('schemeID="0002">552081317', 'schemeID="0002">55208131', "BR-FR-10_BT-30"),
    ("<ram:ID>M1</ram:ID>", "<ram:ID>Z1</ram:ID>", "BR-FR-08_BT-23"),
    ("<ram:CountryID>FR", "<ram:CountryID>QQ", "FX-SCH-A-000580"),
    ("<ram:TypeCode>380</ram:TypeCode>", "", "XSD"),
    ("</rsm:ExchangedDocument>", "", "XML"),
]


@pytest.fixture(scope="module")
def broken() -> dict[str, set[str]]:
    """The rules that each wrong document breaks, asked all at once: starting the validators is what takes long."""
    right = einvoice_xml(a_content()).decode()
    documents = {name: einvoice_xml(content) for name, (content, _rule) in WRONG_CONTENTS.items()}
    documents |= {was: right.replace(was, becomes, 1).encode() for was, becomes, _rule in TAMPERED}
    documents |= {"nothing wrong": right.encode()}
    found = problems(list(documents.values()))
    return {name: {problem.rule for problem in said} for name, said in zip(documents, found, strict=True)}


@pytest.mark.parametrize("name", WRONG_CONTENTS)
def test_a_wrong_content_is_refused_with_its_rule(broken: dict[str, set[str]], name: str) -> None:
    assert WRONG_CONTENTS[name][1] in broken[name]
    assert broken["nothing wrong"] == set()


@pytest.mark.parametrize(("was", "rule"), [(was, rule) for was, _becomes, rule in TAMPERED])
def test_a_document_that_was_tampered_with_is_refused_with_the_rule(
    broken: dict[str, set[str]], was: str, rule: str
) -> None:
    assert rule in broken[was]


def test_each_problem_has_a_text_and_no_document_reads_a_file() -> None:
    hostile = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'

    (problem,), of_hostile = problems([einvoice_xml(a_content(number="F 2026 00042")), hostile])

    assert problem.rule == "BR-FR-02_BT-1"
    assert problem.text.startswith("BR-FR-02/BT-1 : L'identifiant de facture")
    assert '"F 2026 00042"' in problem.text
    assert of_hostile != []
    assert "root:" not in str(of_hostile)


def test_nothing_asked_is_nothing_answered() -> None:
    assert problems([]) == []


def test_validators_that_never_start_approve_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validation, "_VALIDATORS", "eventsapp.nowhere")

    ((problem,),) = problems([b"<a/>"])

    assert problem.rule == NO_ANSWER
    assert "No module named" in problem.text


def test_validators_that_take_too_long_approve_nothing() -> None:
    assert problems([einvoice_xml(a_content(buyer=PERSON))], seconds=0.05) == [
        [Problem(NO_ANSWER, "stopped after 0.05 s")]
    ]


def test_validators_that_die_approve_what_they_had_approved_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validation, "_VALIDATORS", "tests.invoices.papers.dying_validators")

    first, second, third = problems([b"<a/>"] * 3)

    assert first == []
    assert second == third == [Problem(NO_ANSWER, "exit code 134: Fatal error: graal_create_isolate")]


def test_an_interpreter_that_is_not_there_approves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(settings.ROOT / "no-python"))

    ((problem,),) = problems([b"<a/>"])

    assert problem.rule == NO_ANSWER
