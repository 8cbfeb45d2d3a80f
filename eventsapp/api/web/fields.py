"""Members of JSON bodies and parameters of addresses: as strict as the forms of the site, with messages in words."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from eventsapp.core import texts

#: The years that a moment may lie in.
YEARS = range(1900, 2200)
SLUG_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_LENGTH = 120
#: The longest code of a question, in characters.
_CODE_LENGTH = 40
#: The longest number looked at in an address, in digits.
_DIGITS = 9
_TEXT_EXPECTED = _l("Un texte est attendu ici.")
_NUMBER_EXPECTED = _l("Un nombre entier est attendu ici.")
_OBJECT_EXPECTED = _l("Un objet JSON est attendu ici.")
_BOUNDS = _l("De {min} à {max}.")


class Shape(Schema):
    """An object of JSON; a member that is not expected is refused."""

    error_messages = {  # noqa: RUF012 - marshmallow's way
        "unknown": _l("Ce membre n’est pas attendu ici."),
        "type": _OBJECT_EXPECTED,
    }


class _Member(fields.Field[Any]):
    """A member that ``read`` understands; what it does not is a ``ValidationError``."""

    default_error_messages = {  # noqa: RUF012
        "required": _l("Ce membre est obligatoire."),
        "null": _l("Ce membre ne peut pas être nul."),
    }

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """Return the error, its message in the language in use."""
        return ValidationError(str(self.error_messages[key]).format(**kwargs))

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:  # noqa: ARG002
        return self.read(value)


class Text(_Member, fields.String):
    """A text as people write it: on one line unless said otherwise, trimmed, bounded, nothing invisible in it.

    ``required`` says what to do when it is missing or empty; without it the text may be left out, null or empty.
    """

    default_error_messages = {  # noqa: RUF012
        "invalid": _TEXT_EXPECTED,
        "unprintable": _l("Ce texte contient des caractères invisibles ; ressaisissez-le."),
        "long": _l("Pas plus de {max} caractères."),
    }

    def __init__(self, *, most: int, required: Any = None, lines: bool = False, **options: Any) -> None:
        self.most = most
        self.asked_for = required
        self.lines = lines
        bounds = {"maxLength": most, "minLength": 1} if required else {"maxLength": most}
        options["metadata"] = {**bounds, **options.get("metadata", {})}
        if required:
            options |= {"required": True, "error_messages": {"required": required, "null": required}}
        else:
            options = {"load_default": "", "allow_none": True, **options}
        super().__init__(**options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Return the text; one that is null is empty."""
        text = super().deserialize(value, attr, data, **kwargs)
        return "" if text is None else text

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = texts.tidy(value) if self.lines else texts.one_line(value)
        if not text and self.asked_for:
            raise self.make_error("required")
        if not texts.is_printable(text):
            raise self.make_error("unprintable")
        if len(text) > self.most:
            raise self.make_error("long", max=self.most)
        return text


class MailAddress(Text):
    """One mail address, kept in lower case."""

    default_error_messages = {  # noqa: RUF012
        "address": _l("Cette adresse n’est pas complète : nom@domaine.fr."),
    }

    def __init__(self, *, required: Any = None, **options: Any) -> None:
        options["metadata"] = {"format": "email", **options.get("metadata", {})}
        super().__init__(most=texts.EMAIL_LENGTH, required=required, **options)

    def read(self, value: Any) -> str:
        address = super().read(value).lower()
        if address and not texts.is_mail_address(address):
            raise self.make_error("address")
        return address


class _Exact(_Member, fields.String):
    """A text taken as it is."""

    default_error_messages = {"invalid": _TEXT_EXPECTED}  # noqa: RUF012

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value


class Slug(_Exact):
    """The name of something in addresses."""

    def __init__(self, **options: Any) -> None:
        unknown = _l("Rien ne porte ce nom.")
        shape = [
            validate.Length(max=SLUG_LENGTH, error=unknown),
            validate.Regexp(rf"{SLUG_PATTERN}\Z", error=unknown),
        ]
        options["metadata"] = {"pattern": f"^{SLUG_PATTERN}$", **options.get("metadata", {})}
        super().__init__(validate=shape, **options)


class Code(_Exact):
    """A short word that only the database knows to be right."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=most, error=_l("Pas plus de {max} caractères.")), **options)

    def read(self, value: Any) -> str:
        code = super().read(value)
        if not texts.is_printable(code):
            raise self.make_error("invalid")
        return code


class Word(_Exact):
    """One of a few words."""

    def __init__(self, words: Iterable[str], **options: Any) -> None:
        known = [str(word) for word in words]
        super().__init__(validate=validate.OneOf(known, error=_l("Une de ces valeurs : {choices}.")), **options)


class Whole(_Member, fields.Integer):
    """A whole number of JSON: neither a text nor a fraction is one."""

    default_error_messages = {"invalid": _NUMBER_EXPECTED}  # noqa: RUF012

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=_BOUNDS), **options)

    def read(self, value: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if not whole or isinstance(value, bool):
            raise self.make_error("invalid")
        return int(value)


class NumberParameter(_Member, fields.Integer):
    """A whole number written in an address, in plain digits."""

    default_error_messages = {"invalid": _NUMBER_EXPECTED}  # noqa: RUF012

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=_BOUNDS), **options)

    def read(self, value: Any) -> int:
        if not isinstance(value, str) or not value.isascii() or not value.isdecimal() or len(value) > _DIGITS:
            raise self.make_error("invalid")
        return int(value)


class OnlyTrue(_Member):
    """The value ``true`` and no other: a consent; ``otherwise`` says what to do."""

    def __init__(self, *, otherwise: Any, **options: Any) -> None:
        messages = {"required": otherwise, "null": otherwise, "invalid": otherwise}
        super().__init__(required=True, error_messages=messages, **options)

    def read(self, value: Any) -> bool:
        if value is not True:
            raise self.make_error("invalid")
        return True


class Moment(_Member, fields.AwareDateTime):
    """A moment with its offset from UTC; read, it is in UTC."""

    default_error_messages = {  # noqa: RUF012
        "invalid": _l("Une date et une heure avec leur écart à UTC sont attendues : 2027-02-24T09:00:00+01:00."),
    }

    def read(self, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.make_error("invalid") from error
        if moment.tzinfo is None or moment.year not in YEARS:
            raise self.make_error("invalid")
        return moment.astimezone(UTC)


class Day(_Member, fields.Date):
    """A day of the calendar, where the magazine is made; it may be left out or null."""

    default_error_messages = {  # noqa: RUF012
        "invalid": _l("Une date est attendue : 2027-12-24."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"load_default": None, "allow_none": True, **options})

    def read(self, value: Any) -> date:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.make_error("invalid") from error
        # Python reads other ways of writing a day too; the document promises this one.
        if day.isoformat() != value or day.year not in YEARS:
            raise self.make_error("invalid")
        return day


class Answers(_Member, fields.Dict):
    """Answers by the code of their question; only the day knows what is asked. It may be left out or null."""

    default_error_messages = {"invalid": _OBJECT_EXPECTED}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"load_default": dict, "allow_none": True, **options})

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Return the answers; none where it is null."""
        return super().deserialize(value, attr, data, **kwargs) or {}

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        if any(len(code) > _CODE_LENGTH or not texts.is_printable(code) for code in value):
            raise ValidationError(_("Cette journée ne pose pas cette question."))
        return dict(value)


class Inner(fields.Nested):
    """An object within another."""

    default_error_messages = _Member.default_error_messages
    make_error = _Member.make_error


class Several(fields.List[Any]):
    """Several values of one kind; ``told`` says what to do when there are too few or too many."""

    default_error_messages = {  # noqa: RUF012
        **_Member.default_error_messages,
        "invalid": _l("Une liste est attendue ici."),
    }
    make_error = _Member.make_error

    def __init__(
        self, inner: Any, *, least: int | None = None, most: int | None = None, told: Any = None, **options: Any
    ) -> None:
        if least is not None or most is not None:
            options["validate"] = validate.Length(min=least, max=most, error=told)
        super().__init__(inner, **options)


class OneOf(_Member):
    """An object whose member ``type`` says which of several shapes it has."""

    default_error_messages = {"type": _OBJECT_EXPECTED}  # noqa: RUF012

    def __init__(self, shapes: Mapping[str, type[Schema]], **options: Any) -> None:
        self.shapes = shapes
        self._read_by = {kind: shape() for kind, shape in shapes.items()}
        super().__init__(**options)

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("type")
        kind = value.get("type")
        shape = self._read_by.get(kind) if isinstance(kind, str) else None
        if shape is None:
            message = _("Une de ces valeurs : %(choices)s.", choices=", ".join(self.shapes))
            raise ValidationError({"type": [message]})
        return shape.load(value)
