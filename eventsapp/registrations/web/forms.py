"""The forms that say whom a seat is for, and who is asked."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm

from eventsapp.core.answer_fields import AnswersField
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import email_field, long_text_field, text_field
from eventsapp.registrations.errors import AlreadyRegistered, NotCovered, NotTheirAddress
from eventsapp.registrations.rules import checked_answers
from eventsapp.registrations.service import Replies, put_aside
from eventsapp.registrations.values import Person
from eventsapp.study_days.models import Question


class PersonForm(FlaskForm):
    """Whom a seat is for."""

    first_name = text_field(_l("Prénom"), most=80, required=_l("Indiquez le prénom."))
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, required=_l("Indiquez le nom."))
    email = email_field(
        _l("Courriel"),
        required=_l("Indiquez le courriel : le billet y est envoyé."),
        description=_l("Le billet et le lien personnel y sont envoyés."),
    )
    job_title = text_field(_l("Fonction"), most=150)
    access_needs = long_text_field(
        _l("Besoin d’accessibilité"),
        most=500,
        description=_l("Boucle magnétique, place réservée, accompagnant : dites-nous, nous préparons la salle."),
        render_kw={"rows": 2},
    )

    answers = AnswersField()

    def ask(self, questions: Sequence[Question], *, require: bool = True) -> None:
        """Ask what the organiser asks each participant."""
        self.answers.ask(questions, check=checked_answers, require=require, put_aside=put_aside)

    def replies(self) -> Replies:
        """Return what was asked, and answered."""
        asked = self.answers.asked_anew
        given = self.answers.data
        return Replies(asked=asked, answers={each.code: given[each.code] for each in asked if each.code in given})

    def person(self, *, kept_needs: str = "") -> Person:
        """Return whom the seat is for; ``kept_needs`` stay where the form does not ask for them."""
        return Person(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=self.email.data or "",
            job_title=self.job_title.data or "",
            access_needs=(self.access_needs.data or "") if "access_needs" in self else kept_needs,
        )

    def show_refusal(self, refusal: Refusal) -> None:
        """Put a refusal beside the name or the address where it is about these, and above the form else."""
        if isinstance(refusal, AlreadyRegistered):
            self.last_name.errors = [*self.last_name.errors, refusal.message]
            return
        if isinstance(refusal, NotCovered | NotTheirAddress):
            self.email.errors = [*self.email.errors, refusal.message]
            return
        elsewhere = [
            told
            for pointer, told in refusal.errors.items()
            if not self.answers.show(pointer.removeprefix("/answers/"), told)
        ]
        if elsewhere or not refusal.errors:
            self.form_errors.append(refusal.message)


class InviteForm(FlaskForm):
    """Who is asked to fill in a seat."""

    email = email_field(_l("Courriel de la personne"), required=_l("Indiquez le courriel de la personne à inviter."))
