"""The fields that every room builds its forms from."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from eventsapp.core.fields import SubmissionField


class AForm(Form):
    key = SubmissionField()


def test_each_form_is_another_and_is_the_same_however_often_it_is_sent() -> None:
    first, second = AForm(), AForm()

    assert first.key.data != second.key.data
    assert AForm(MultiDict({"key": first.key.data})).key.data == first.key.data
    before = first.key.data
    first.key.renew()
    assert first.key.data != before


@pytest.mark.parametrize(
    "sent", ["", "court", "x" * 65, "un jeton avec espaces", "jeton-d-\u00e9t\u00e9-0123456789", "a" * 20 + "\n"]
)
def test_a_key_that_is_none_of_ours_is_replaced(sent: str) -> None:
    key = AForm(MultiDict({"key": sent})).key.data

    assert key != sent
    assert len(key) == 24
