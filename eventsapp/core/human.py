"""Forms that anybody may send: a field robots fill in, and a signed moment before which no human is done."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, StringField

from eventsapp.core import clock, settings

#: Nobody reads and fills in a form faster.
QUICKEST = timedelta(seconds=3)
#: A form open for longer is sent a second time, with all that was typed.
LONGEST = timedelta(hours=24)


class HumanForm(FlaskForm):
    """The base of forms without sign-in that write something."""

    website = StringField(_l("Laissez ce champ vide"))
    started = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.started.data:
            self._start()

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled in what people do not see."""
        return bool(self.website.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the form was open for as long as a human takes."""
        fields_are_right = super().validate(extra_validators)
        return self._was_open_long_enough() and fields_are_right

    def _was_open_long_enough(self) -> bool:
        now = clock.now()
        started = _read(self.started.data)
        if started is not None and QUICKEST <= now - started <= LONGEST:
            return True
        if started is not None and now - started < QUICKEST:
            self.form_errors.append(_("Le formulaire est parti très vite : relisez-le, puis envoyez-le de nouveau."))
            return False
        self._start()
        self.form_errors.append(_("Le formulaire est resté ouvert longtemps : envoyez-le de nouveau."))
        return False

    def _start(self) -> None:
        self.started.data = _signer().dumps(int(clock.now().timestamp()))


def _read(token: str | None) -> datetime | None:
    """Return the moment in ``token``, or ``None`` when it is not one of ours."""
    try:
        return datetime.fromtimestamp(_signer().loads(token or ""), UTC)
    except BadSignature:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="human-form")
