"""Lists of forms take the numbers that a page writes, and nothing else that looks like one."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, StringField

from eventsapp.core.fields import Entries


class PersonForm(Form):
    name = StringField()


class PeopleForm(Form):
    people = Entries(FormField(PersonForm), max_entries=3)


def names(*fields: str) -> list[str]:
    form = PeopleForm(MultiDict((field, field) for field in fields))
    return [entry.form.name.data for entry in form.people]


def test_entries_stand_in_the_order_of_their_numbers() -> None:
    assert names("people-2-name", "people-0-name") == ["people-0-name", "people-2-name"]


@pytest.mark.parametrize("number", ["-1", "1.5", "²", "１", "٣", "9" * 5, "9" * 5000, "", " 1", "+1", "1e3", "x"])
def test_what_is_no_number_of_an_entry_is_nobodys(number: str) -> None:
    assert names("people-0-name", f"people-{number}-name") == ["people-0-name"]


def test_no_more_entries_are_taken_than_there_may_be() -> None:
    assert len(names(*(f"people-{number}-name" for number in range(10)))) == 3
