"""What an invoice says survives being kept as JSON."""

import json
from dataclasses import replace

import pytest

from eventsapp.invoices.values import Content, content_from_json, content_to_json
from tests.support.makers.invoices import DAY, EXEMPTION, SUBSCRIPTION, a_content, a_credit_note, paid


@pytest.mark.parametrize("content", [a_content(), paid(a_content()), a_credit_note()], ids=lambda given: given.number)
def test_a_content_comes_back_from_json_as_it_was(content: Content) -> None:
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


def test_what_is_paid_leaves_nothing_due() -> None:
    assert paid(a_content()).is_paid
    assert not a_content().is_paid
    assert not replace(a_content(), paid_cents=1).is_paid


def test_an_invoice_whose_terms_said_why_no_tax_was_due_still_says_it_of_its_lines() -> None:
    content = a_content(replace(DAY, vat_rate=0, **EXEMPTION), SUBSCRIPTION)
    kept = json.loads(json.dumps(content_to_json(content)))
    for line in kept["lines"]:
        for name in ("exemption", "exemption_code", "part"):
            del line[name]
    kept["terms"] |= EXEMPTION

    assert content_from_json(kept) == content
