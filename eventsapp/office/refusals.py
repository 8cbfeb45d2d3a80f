"""Showing on a form why something was refused; what was typed stays."""

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from eventsapp.audit import queries as audit
from eventsapp.core import i18n
from eventsapp.core.errors import Refusal


def show(refusal: Refusal, form: FlaskForm) -> None:
    """Put the refusal beside the fields that it names, or above the form."""
    fields = {pointer.strip("/").partition("/")[0]: message for pointer, message in refusal.errors.items()}
    found = {name: message for name, message in fields.items() if name in form}
    for name, message in found.items():
        if message not in form[name].errors:
            form[name].errors = [*form[name].errors, message]
    if not found:
        form.form_errors.append(refusal.message)


def show_conflict(form: FlaskForm, *, kind: str, key: int, version: int) -> None:
    """Say that somebody saved meanwhile, and who; the next press of the button saves over it, knowingly."""
    last = audit.history_of(kind, key, most=1)
    if last:
        told = _(
            "%(who)s a enregistré des changements à %(when)s, après que vous avez ouvert cette page.",
            who=last[0].actor_label,
            when=i18n.clock_time(last[0].at),
        )
    else:
        told = _("Quelqu’un a enregistré des changements après que vous avez ouvert cette page.")
    form.form_errors.append(
        _("%(told)s Votre saisie est ci-dessous : comparez, puis enregistrez à nouveau pour la garder.", told=told)
    )
    form.version.data = str(version)
