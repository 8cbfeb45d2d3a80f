"""What the fields of these forms have in common."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, Field, FieldList, Form, SelectField, TimeField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

#: The years that a day may lie in.
YEARS = range(1980, 2100)
A_MOMENT = timedelta(microseconds=1)


def _within_reach(_form: Form, field: Field) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_l("Cette année n’est pas plausible."))


def date_field(label: Any, *, required: Any = None, **options: Any) -> DateField:
    presence = DataRequired(required) if required else Optional()
    return DateField(label, validators=[presence, _within_reach], **options)


def moment_field(label: Any, **options: Any) -> DateTimeLocalField:
    return DateTimeLocalField(label, validators=[Optional(), _within_reach], **options)


def time_field(label: Any, *, required: Any = None, **options: Any) -> TimeField:
    return TimeField(label, validators=[DataRequired(required) if required else Optional()], **options)


def key(value: Any) -> int | None:
    return int(value) if value else None


def key_field(label: Any, *, required: Any = None, **options: Any) -> SelectField:
    return SelectField(label, coerce=key, validators=[InputRequired(required)] if required else [], **options)


def make_room(lines: FieldList, rows: int) -> None:
    """Let the lines of a form end with ``rows`` empty ones, of which the field ``name`` is empty."""
    spare = sum(1 for entry in lines if not entry.form.name.data)
    for _ in range(min(rows - spare, lines.max_entries - len(lines))):
        lines.append_entry()
