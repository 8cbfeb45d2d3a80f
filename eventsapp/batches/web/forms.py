"""The form that asks for an action on many."""

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from eventsapp.batches.statuses import BatchAction
from eventsapp.core.fields import long_text_field

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")


class BatchForm(FlaskForm):
    """What is done to whom, and why."""

    action = HiddenField()
    keys = HiddenField()
    origin = HiddenField()
    key = HiddenField()
    reason = long_text_field(_l("Motif"), most=300, render_kw={"rows": 3})

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if not _KEY.match(self.key.data or ""):
            self.key.data = secrets.token_urlsafe(18)

    def validate(self, *args: Any, **values: Any) -> bool:
        """Ask why where registrations are cancelled."""
        valid = bool(super().validate(*args, **values))
        if self.action.data == BatchAction.CANCEL and not self.reason.data:
            told = _l("Indiquez le motif : il est écrit aux acheteurs et gardé dans l’historique.")
            self.reason.errors = [*self.reason.errors, told]
            return False
        return valid
