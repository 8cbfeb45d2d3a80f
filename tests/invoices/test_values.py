"""What an invoice says survives being kept as JSON."""

import json
from dataclasses import replace

import pytest

from eventsapp.invoices.values import Content, content_from_json, content_to_json
from tests.support.makers.invoices import a_content, a_credit_note, paid


@pytest.mark.parametrize("content", [a_content(), paid(a_content()), a_credit_note()], ids=lambda given: given.number)
def test_a_content_comes_back_from_json_as_it_was(content: Content) -> None:
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


def test_what_is_paid_leaves_nothing_due() -> None:
    assert paid(a_content()).is_paid
    assert not a_content().is_paid
    assert not replace(a_content(), paid_cents=1).is_paid
