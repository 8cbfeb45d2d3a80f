"""What was written to the people of one day, whichever room wrote it."""

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import defer

from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus

#: The mails that a day is about, by their template, in words.
_KINDS = {
    "mailings/message": _l("Message"),
    "mailings/reminder": _l("Rappel"),
    "mailings/reports": _l("Compte rendu paru"),
    "mailings/survey": _l("Questionnaire"),
    "registrations/day_postponed": _l("Report"),
    "registrations/day_cancelled": _l("Annulation"),
    "waiting_list/postponed": _l("Report"),
}
_NOTICES = ("registrations/day_postponed", "registrations/day_cancelled", "waiting_list/postponed")


def day_mail_list(study_day_id: int) -> Listing:
    """Describe the list of the mails about a day, the newest first."""
    return Listing(
        name="messages-de-la-journee",
        title=_l("Messages"),
        statement=sa.select(OutgoingMail).where(OutgoingMail.study_day_id == study_day_id),
        loads=(defer(OutgoingMail.text, raiseload=True), defer(OutgoingMail.html, raiseload=True)),
        states=(
            State("tous", _l("Tous")),
            State("messages", _l("Messages"), OutgoingMail.template == "mailings/message"),
            State("rappels", _l("Rappels"), OutgoingMail.template == "mailings/reminder"),
            State("comptes-rendus", _l("Comptes rendus"), OutgoingMail.template == "mailings/reports"),
            State("questionnaires", _l("Questionnaires"), OutgoingMail.template == "mailings/survey"),
            State("avis", _l("Reports et annulations"), OutgoingMail.template.in_(_NOTICES)),
            State("refuses", _l("Refusés"), OutgoingMail.status == MailStatus.FAILED),
        ),
        search=(OutgoingMail.to_address, OutgoingMail.to_name, OutgoingMail.subject),
        domains=(OutgoingMail.to_address,),
        search_hint=_l("Objet, destinataire"),
        filters=(Dates(name="date", label=_l("Date"), column=OutgoingMail.created_at),),
        columns=(
            Column(
                "destinataire",
                _l("Destinataire"),
                _whom,
                opens=True,
                second=lambda mail: mail.to_address if mail.to_name else "",
                second_label=_l("Adresse"),
                sort=OutgoingMail.to_address,
            ),
            Column(
                "objet",
                _l("Objet"),
                lambda mail: mail.title,
                second=lambda mail: _KINDS.get(mail.template, _l("Inscription")),
                second_label=_l("Sorte"),
            ),
            Column(
                "etat",
                _l("État"),
                lambda mail: mails.LABELS[mail.status],
                kind=Kind.STATE,
                tone=lambda mail: mails.TONES[mail.status],
                second=lambda mail: mail.last_error,
                second_label=_l("Le serveur a répondu"),
            ),
            Column("quand", _l("Écrit"), lambda mail: mail.created_at, kind=Kind.MOMENT, sort=OutgoingMail.created_at),
        ),
        order=(OutgoingMail.created_at.desc(), OutgoingMail.id.desc()),
        empty=_l(
            "Ce qui est écrit aux personnes inscrites à cette journée paraîtra ici : confirmations, rappels, avis."
        ),
    )


def _whom(mail: OutgoingMail) -> str:
    if mail.is_erased:
        return str(_("adresse effacée"))
    return mail.to_name or mail.to_address or str(_("sans adresse"))
