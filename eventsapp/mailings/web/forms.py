"""Forms of messages, and of the reminders of a day."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from eventsapp.core import french
from eventsapp.core.fields import email_field, long_text_field, text_field
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings.models import DayReminder, Mailing
from eventsapp.mailings.statuses import SETTABLE, Basis, Naming, Presence, ReminderKind, Seat
from eventsapp.mailings.values import Audience, Draft
from eventsapp.office.forms import Ticks, VersionedForm
from eventsapp.study_days.models import StudyDay

#: Characters of a text.
_LONGEST = 20_000
#: Registrations picked one by one.
_MOST_CHOSEN = 1_000


class MessageForm(VersionedForm):
    """A message and whom it is for."""

    basis = RadioField(
        _l("À qui"),
        choices=[
            SelectChoice(Basis.REGISTRATIONS.value, _l("Aux personnes inscrites aux journées cochées")),
            SelectChoice(Basis.WAITING_LIST.value, _l("À la liste d’attente des journées cochées")),
            SelectChoice(Basis.SUBSCRIBERS.value, _l("Aux abonnés, tant que court leur abonnement")),
        ],
        default=Basis.REGISTRATIONS.value,
        validators=[InputRequired(_l("Choisissez à qui."))],
    )
    days = Ticks(_l("Journées"), coerce=int)
    seats = Ticks(
        _l("Inscriptions"),
        choices=[
            SelectChoice(Seat.CONFIRMED.value, _l("Confirmées")),
            SelectChoice(Seat.HELD.value, _l("Retenues, à régler")),
            SelectChoice(Seat.CANCELLED.value, _l("Annulées")),
        ],
        default=[Seat.CONFIRMED.value],
    )
    rates = Ticks(_l("Tarifs"))
    presence = SelectField(
        _l("Présence"),
        choices=[
            SelectChoice(Presence.ANY.value, _l("Présence ou absence")),
            SelectChoice(Presence.PRESENT.value, _l("Personnes venues")),
            SelectChoice(Presence.ABSENT.value, _l("Personnes absentes")),
        ],
        default=Presence.ANY.value,
    )
    naming = SelectField(
        _l("Noms"),
        choices=[
            SelectChoice(Naming.ANY.value, _l("Nommés ou non")),
            SelectChoice(Naming.NAMED.value, _l("Places nommées")),
            SelectChoice(Naming.UNNAMED.value, _l("Places sans nom, ou sans réponse")),
        ],
        default=Naming.ANY.value,
        description=_l("D’une place sans nom, on écrit à la personne invitée, sinon à qui l’a commandée."),
    )
    chosen = HiddenField()
    only_chosen = BooleanField(_l("Aux seules inscriptions choisies dans la liste"))
    subject = text_field(_l("Objet"), most=200, required=_l("Donnez un objet."))
    reply_to = email_field(
        _l("Réponse à"), description=_l("Les réponses y arrivent ; sans elle, à l’adresse d’envoi du site.")
    )
    body = long_text_field(_l("Texte"), most=_LONGEST, required=_l("Écrivez le message."), render_kw={"rows": 14})

    def offer(self, days: Sequence[StudyDay], rates: Mapping[str, str]) -> None:
        """Offer these days and rates to choose from."""
        self.days.choices = [
            SelectChoice(day.id, f"{day.city.name}, {french.date_long(day.date)} · {day.title}") for day in days
        ]
        self.rates.choices = [SelectChoice(code, name) for code, name in rates.items()]

    def validate_days(self, field: Any) -> None:
        """Ask for a day where the people are a day's."""
        if self.basis.data != Basis.SUBSCRIBERS and not field.data:
            raise ValidationError(_l("Cochez au moins une journée."))

    def validate_seats(self, field: Any) -> None:
        """Ask for some of the registrations."""
        if self.basis.data == Basis.REGISTRATIONS and not field.data:
            raise ValidationError(_l("Cochez au moins une sorte d’inscriptions."))

    @property
    def chosen_keys(self) -> tuple[int, ...]:
        """The registrations that were picked one by one."""
        texts = (self.chosen.data or "").split(",")[:_MOST_CHOSEN]
        return tuple(int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10)

    def pick(self, keys: Sequence[int], *, days: Sequence[int]) -> None:
        """Ask for these registrations of these days alone, wherever they stand."""
        self.chosen.data, self.only_chosen.data = ",".join(map(str, keys)), True
        self.days.data, self.seats.data = list(days), [seat.value for seat in Seat]

    def draft(self) -> Draft:
        """Return what was written; what does not go with the people chosen narrows nothing."""
        basis = Basis(self.basis.data)
        of_seats = basis is Basis.REGISTRATIONS
        return Draft(
            subject=self.subject.data,
            body=self.body.data,
            reply_to=self.reply_to.data or "",
            audience=Audience(
                basis=basis,
                days=tuple(self.days.data) if basis is not Basis.SUBSCRIBERS else (),
                rates=tuple(self.rates.data) if of_seats else (),
                seats=tuple(Seat(word) for word in self.seats.data) if of_seats else (),
                presence=Presence(self.presence.data) if of_seats else Presence.ANY,
                naming=Naming(self.naming.data) if of_seats else Naming.ANY,
                chosen=self.chosen_keys if of_seats and self.only_chosen.data else (),
            ),
        )


def shown(mailing: Mailing) -> dict[str, Any]:
    """Return a message as the form shows it."""
    kept = mailing.audience
    return {
        "version": str(mailing.version),
        "basis": kept.basis.value,
        "days": list(kept.days),
        "rates": list(kept.rates),
        "seats": [seat.value for seat in kept.seats],
        "presence": kept.presence.value,
        "naming": kept.naming.value,
        "chosen": ",".join(map(str, kept.chosen)),
        "only_chosen": bool(kept.chosen),
        "subject": mailing.subject,
        "reply_to": mailing.reply_to,
        "body": mailing.body,
    }


class SendForm(VersionedForm):
    """The last press: to so many people."""

    expected = HiddenField()

    @property
    def expected_count(self) -> int:
        """How many people were shown; no number of people when the field was tampered with."""
        text = self.expected.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else -1


class NoteForm(FlaskForm):
    """Which address is left out of what goes to many, and why."""

    reason = RadioField(
        _l("Que s’est-il passé ?"),
        choices=[
            SelectChoice(
                SuppressionReason.RETURNED.value,
                _l("Un courriel est revenu : « adresse inconnue », « boîte fermée »"),
            ),
            SelectChoice(
                SuppressionReason.COMPLAINED.value,
                _l("Quelqu’un se plaint de recevoir nos messages, ou son fournisseur nous le signale"),
            ),
        ],
        validators=[InputRequired(_l("Dites ce qui s’est passé."))],
    )
    address = email_field(_l("Adresse"), required=_l("Donnez l’adresse à écarter."))
    detail = text_field(
        _l("Précision"),
        most=300,
        description=_l("Ce que dit l’avis de non-remise, ou comment la plainte est arrivée."),
    )


class RemindersForm(FlaskForm):
    """Which mails of a day leave by themselves, and what they say above what is always in them."""

    week_on = BooleanField(_l("Une semaine avant"))
    week_text = long_text_field(_l("Texte du rappel, une semaine avant"), most=_LONGEST, render_kw={"rows": 6})
    eve_on = BooleanField(_l("La veille"))
    eve_text = long_text_field(_l("Texte du rappel, la veille"), most=_LONGEST, render_kw={"rows": 6})
    reports_on = BooleanField(_l("Quand un compte rendu paraît"))
    reports_text = long_text_field(_l("Texte au-dessus des comptes rendus"), most=_LONGEST, render_kw={"rows": 6})

    @staticmethod
    def of(kept: Mapping[ReminderKind, DayReminder]) -> dict[str, Any]:
        """Return what is kept as the form shows it; what is not, leaves."""
        data: dict[str, Any] = {}
        for kind in SETTABLE:
            row = kept.get(kind)
            data |= {f"{kind}_on": row.enabled if row else True, f"{kind}_text": row.text if row else ""}
        return data

    def wanted(self) -> dict[ReminderKind, tuple[bool, str]]:
        """Return each reminder: whether it leaves, and what it says."""
        return {kind: (self[f"{kind}_on"].data, self[f"{kind}_text"].data or "") for kind in SETTABLE}
