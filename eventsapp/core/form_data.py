"""What a form takes of what was sent: texts in its fields, files where it asks for files, and no JSON."""

from typing import Any

from flask import Flask, has_request_context, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import Field, FileField


class _Texts:
    """The texts of what was sent, as a field of WTForms asks for them."""

    def __init__(self, sent: Any) -> None:
        self._sent = sent

    def __contains__(self, name: str) -> bool:
        return bool(self.getlist(name))

    def getlist(self, name: str) -> list[str]:
        return [value for value in self._sent.getlist(name) if isinstance(value, str)]


def init_app(_app: Flask) -> None:
    """Let every form take that alone, those within other forms as well.

    Flask-WTF would read a body of JSON as a form, whose values are then of any type and depth, and hand a file to
    whatever field has its name.
    """
    FlaskForm.Meta.wrap_formdata = _wrapped
    Field.process = _processed


def _wrapped(meta: Any, form: Any, formdata: Any) -> Any:
    is_program = formdata is _Auto and has_request_context() and request.is_json
    return None if is_program else _wrap(meta, form, formdata)


def _processed(field: Any, formdata: Any, *more: Any, **named: Any) -> None:
    takes_texts = formdata is not None and not isinstance(field, FileField)
    _process(field, _Texts(formdata) if takes_texts else formdata, *more, **named)


_wrap, _process = FlaskForm.Meta.wrap_formdata, Field.process
