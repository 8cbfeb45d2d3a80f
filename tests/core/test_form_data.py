"""What no browser sends to a form leaves its fields empty."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, Form, FormField, IntegerField, StringField

from eventsapp.office.forms import VersionedForm


class Inner(Form):
    name = StringField()


class AForm(FlaskForm):
    name = StringField()
    number = IntegerField()
    inner = FieldList(FormField(Inner))
    file = FileField()


def a_file() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"content"), "name.txt"


def test_a_file_in_the_place_of_a_text_is_nothing_and_one_that_is_asked_for_is_taken(app: Flask) -> None:
    sent = {name: a_file() for name in ("name", "number", "inner-0-name", "file")}

    with app.test_request_context("/", method="POST", data=sent):
        form = AForm(meta={"csrf": False})

    assert (form.name.data, form.number.data, form.inner[0].form.name.data) == (None, None, None)
    assert form.file.data.filename == "name.txt"


@pytest.mark.parametrize("body", ["null", "[1]", '{"name": {"a": 1}}', '{"name": "\\ud800"}', "[" * 100_000, "{"])
def test_a_body_of_json_is_no_form(app: Flask, body: str) -> None:
    with app.test_request_context("/", method="POST", data=body, content_type="application/json"):
        form = AForm(meta={"csrf": False})

    assert (form.name.data, form.number.data, form.file.data) == (None, None, None)


def test_a_page_answers_json_as_it_answers_an_empty_form(client: FlaskClient) -> None:
    assert client.post("/commandes/retrouver/", json=[[1, 2], 3]).status_code == 422


@pytest.mark.parametrize(
    ("sent", "read"), [({}, 0), ({"version": "3"}, 3), ({"version": "³"}, 0), ({"version": "9" * 10}, 0)]
)
def test_a_version_that_was_not_sent_is_not_the_present_one(app: Flask, sent: dict[str, Any], read: int) -> None:
    class Present:
        version = 7

    with app.test_request_context("/", method="POST", data=sent):
        assert VersionedForm(obj=Present(), meta={"csrf": False}).read_version == read
