"""Form fields with the bounds that every text of a visitor has: length, no control characters, one line."""

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, FieldList, Form, HiddenField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from eventsapp.core import texts
from eventsapp.core.money import amount_cents

#: The largest amount that is not a slip of the finger, in cents.
MOST_CENTS = 10_000_000
#: What to say of a number that is none, in place of the library’s own words.
NOT_WHOLE = _l("Écrivez un nombre entier, en chiffres.")
#: The number of an entry in the name of a field: what the page itself would write.
_ENTRY = re.compile(r"[0-9]{1,4}\Z")
_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_PHONE = re.compile(r"\+?[0-9 ().\-/\u2010-\u2013\u00a0\u202f]+\Z")
_TOO_MUCH = _l("Pas plus de 100 000 €.")


class Entries(FieldList):  # type: ignore[misc] # WTForms ships no types
    """A list of forms whose entries are numbered as the page numbers them.

    The library takes every digit of Unicode for one, and raises for those that are no number, as « ² », and for
    thousands of them; here such a field is nobody's.
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").split("-", 1)[0]
            if name.startswith(f"{prefix}-") and _ENTRY.match(number):
                yield int(number)


class SubmissionField(HiddenField):  # type: ignore[misc] # WTForms ships no types
    """What tells one form from the next: drawn as the page is made, the same however often it is sent.

    What does not look like one of ours is replaced: it is a key of the database.
    """

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if not _SUBMISSION.match(self.data or ""):
            self.renew()

    def renew(self) -> None:
        """Make this another form: what was sent under the present key is done."""
        self.data = secrets.token_urlsafe(18)


def text_field(label: Any, *, most: int, required: Any = None, **options: Any) -> StringField:
    """Return a field for one line of at most ``most`` characters; ``required`` is what to say when it is empty."""
    return StringField(label, validators=_validators(most, required), filters=[one_line], **options)


def long_text_field(label: Any, *, most: int, required: Any = None, **options: Any) -> TextAreaField:
    """Return a field for several lines of at most ``most`` characters."""
    return TextAreaField(label, validators=_validators(most, required), filters=[tidy], **options)


def email_field(label: Any, *, required: Any = None, **options: Any) -> EmailField:
    """Return a field for one mail address, kept in lower case."""
    validators = [*_validators(texts.EMAIL_LENGTH, required), mail_address]
    return EmailField(
        label, validators=validators, filters=[lambda text: text.strip().lower() if text else text], **options
    )


def phone_field(label: Any, *, required: Any = None, **options: Any) -> StringField:
    """Return a field for one telephone number, as people write it, here or abroad."""
    validators = [*_validators(30, required), phone_number]
    return StringField(label, validators=validators, filters=[one_line], **options)


def amount_field(label: Any, *, required: Any, least_cents: int = 0, **options: Any) -> StringField:
    """Return a field for an amount in euros, as people type it; ``cents_of`` reads it."""

    def sensible(_form: Form, field: Field) -> None:
        require_amount(field, or_else=_l("Écrivez un montant en euros, par exemple 1 290,00."), least_cents=least_cents)

    return StringField(label, validators=[DataRequired(required), sensible], **options)


def require_amount(field: Field, *, or_else: Any, least_cents: int = 0) -> None:
    """Raise ``ValidationError`` with ``or_else`` for what is no amount, and for one that nobody means."""
    cents = amount_cents(field.data or "")
    if cents is None or cents < least_cents:
        raise ValidationError(or_else)
    if cents > MOST_CENTS:
        raise ValidationError(_TOO_MUCH)


def cents_of(text: str) -> int:
    """Return the cents of an amount that the field took."""
    cents = amount_cents(text)
    assert cents is not None  # noqa: S101 - the field's validator passed
    return cents


def one_line(text: str | None) -> str | None:
    """Return what was typed, if anything, with every run of spaces made one."""
    return texts.one_line(text) if text else text


def tidy(text: str | None) -> str | None:
    """Return what was typed, if anything, with one sort of line ends and nothing around it."""
    return texts.tidy(text) if text else text


def printable(_form: Form, field: Field) -> None:
    """Refuse control characters and marks that turn the direction of writing."""
    if not texts.is_printable(field.data or ""):
        raise StopValidation(_l("Ce texte contient des caractères invisibles ; ressaisissez-le."))


def mail_address(_form: Form, field: Field) -> None:
    """Refuse what is not one mail address."""
    if not texts.is_mail_address(field.data or ""):
        raise ValidationError(_l("Cette adresse n’est pas complète : nom@domaine.fr."))


def without_links(_form: Form, field: Field) -> None:
    """Refuse what a mail program would turn into a link: such a text travels to somebody who did not ask for it."""
    if not texts.without_links(field.data or ""):
        raise ValidationError(_l("Ni lien, ni adresse, ni balise ici ; laissez une espace après chaque point."))


def phone_number(_form: Form, field: Field) -> None:
    """Refuse what nobody can dial: anything but digits and the marks between them, or too few or many of those."""
    text = field.data or ""
    if not _PHONE.match(text) or not 6 <= sum(letter.isdecimal() for letter in text) <= 15:
        raise ValidationError(_l("Ce numéro n’est pas complet : 01 23 45 67 89, ou +32 2 123 45 67."))


def _validators(most: int, required: Any) -> list[Any]:
    presence: Any = DataRequired(required) if required else Optional()
    too_long = Length(max=most, message=_l("Pas plus de %(max)d caractères."))
    return [presence, printable, too_long]
