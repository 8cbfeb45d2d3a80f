"""What a form says where nobody wrote words for it."""

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, FormField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length

from eventsapp.core import i18n


class Inner(Form):
    number = IntegerField()


class AForm(FlaskForm):
    choice = RadioField(choices=[SelectChoice("a", "A")])
    day = DateField()
    short = StringField(validators=[Length(min=5)])
    mail = StringField(validators=[Email()])
    inner = FormField(Inner)


SENT = MultiDict({"choice": "b", "day": "hier", "short": "a", "mail": "x", "inner-number": "trois"})


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", ["Choisissez dans la liste.", "Écrivez une date, par exemple 24/02/2027.", "au moins 5 caractères"]),
        ("/en/", ["Choose from the list.", "Write a date, for example 24/02/2027.", "at least 5 characters"]),
    ],
)
def test_the_library_speaks_our_words_in_the_language_of_the_page(app: Flask, path: str, said: list[str]) -> None:
    with app.test_request_context(path, environ_overrides={"eventsapp.locale": path.strip("/") or "fr"}):
        assert i18n.locale_code() == (path.strip("/") or "fr")
        form = AForm(SENT, meta={"csrf": False})
        assert not form.validate()
        told = [str(form[name].errors[-1]) for name in ("choice", "day", "short")]
        within = str(form.inner.errors["number"][0])
        everything = " ".join([*told, within, str(form.mail.errors[0])])

    assert all(words in text for words, text in zip(said, told, strict=True))
    assert within == ("Écrivez un nombre entier, en chiffres." if path == "/" else "Write a whole number, in digits.")
    assert "'" not in everything
