"""The forms that become an order; they check shape and hand over frozen values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FormField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from eventsapp.checkout.rules import MOST_ATTENDEES, MOST_ITEMS
from eventsapp.checkout.values import Item, OrderRequest, Seats, Subscription
from eventsapp.checkout.web.attendee_forms import AttendeeForm
from eventsapp.checkout.web.paper_fields import OnPaper
from eventsapp.checkout.web.renewal_fields import RenewsByCard
from eventsapp.checkout.web.siret_fields import AsksAboutSiret
from eventsapp.core import i18n
from eventsapp.core.answer_fields import AnswersField
from eventsapp.core.fields import NOT_WHOLE, Entries, SubmissionField, email_field, phone_field, text_field
from eventsapp.orders.values import Billing, Buyer
from eventsapp.organisations.rules import siret_problem, vat_number_problem
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.promotions.rules import CODE_LENGTH
from eventsapp.registrations.rules import checked_answers
from eventsapp.registrations.service import put_aside
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.statuses import QuestionScope
from eventsapp.subscriptions.values import Delivery

#: Digits of the number of an issue, at most.
MOST_DIGITS = 6
#: Fields that only some payment methods ask for, shown below these.
METHOD_FIELDS = ("service_code", "commitment_number")


def _number(value: object) -> int | None:
    """Return the number of the magazine that was chosen, if one was."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


class OrderForm(AsksAboutSiret, RenewsByCard, OnPaper, FlaskForm):
    """Who orders, who is billed, how it is paid."""

    submission = SubmissionField()
    #: Seen by robots only.
    website = StringField(_l("Ne pas remplir"))
    first_name = text_field(_l("Prénom"), most=80)
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80)
    email = email_field(_l("Courriel"), description=_l("La confirmation et le lien de la commande y sont envoyés."))
    phone = phone_field(_l("Téléphone"))
    organisation = text_field(_l("Organisme à facturer"), most=200)
    siret = text_field(
        _l("SIRET de l’organisme"),
        most=30,
        description=_l("14 chiffres. Demandé pour un mandat, et pour le tarif d’un organisme abonné."),
        render_kw={"inputmode": "numeric"},
    )
    address = text_field(_l("Adresse"), most=300)
    postcode = text_field(_l("Code postal"), most=10)
    city = text_field(_l("Ville"), most=100)
    billing_email = email_field(
        _l("Courriel pour la facture"), description=_l("Celui de votre service financier, s’il est différent.")
    )
    vat_number = text_field(
        _l("N° de TVA intracommunautaire"), most=20, description=_l("S’il doit figurer sur la facture.")
    )
    delivery_name = text_field(_l("Nom du destinataire"), most=200)
    delivery_address = text_field(_l("Adresse de livraison"), most=300)
    delivery_postcode = text_field(_l("Code postal"), most=10)
    delivery_city = text_field(_l("Ville"), most=100)
    first_issue = SelectField(_l("Premier numéro sur papier"), choices=[], coerce=_number, validate_choice=False)
    copies = Entries(
        IntegerField(_l("Exemplaires de chaque numéro"), invalid_value_message=NOT_WHOLE), max_entries=MOST_ITEMS
    )
    payment_method = RadioField(
        _l("Mode de règlement"),
        validators=[InputRequired(_l("Choisissez un mode de règlement."))],
        validate_choice=False,
    )
    service_code = text_field(_l("Code service"), most=100)
    commitment_number = text_field(
        _l("Numéro d’engagement"), most=50, description=_l("Il figurera sur la facture déposée sur Chorus Pro.")
    )
    invoice_at = SelectField(
        _l("La facture"),
        choices=[
            SelectChoice(InvoiceMoment.ORDER.value, _l("Tout de suite, avec la commande")),
            SelectChoice(InvoiceMoment.DELIVERY.value, _l("Après la journée")),
        ],
        validate_choice=False,
    )
    promo_code = text_field(_l("Code promotionnel"), most=CODE_LENGTH, render_kw={"autocapitalize": "characters"})
    accept_terms = BooleanField(
        _l("J’accepte les conditions de vente"),
        validators=[DataRequired(_l("Acceptez les conditions de vente pour commander."))],
    )

    no_messages = BooleanField(
        _l("Ne m’écrivez pas au sujet d’autres journées ou d’abonnements"),
        description=_l("Ce qui concerne cette commande vous parvient toujours."),
    )

    def offer(
        self, methods: Sequence[PaymentMethod], *, days: bool = True, plans: bool = False, gifts: bool = False
    ) -> None:
        """Offer these payment methods, each with what happens next and the fields of its own.

        ``days``: the order is for some, so that an invoice may wait for them; ``plans``: for a subscription of
        one’s own; ``gifts``: for one to give.
        """
        self.method_rows = {
            method.code: (method.local_delay, method.local_story(seats=days, subscription=plans, gift=gifts))
            for method in methods
        }
        self.method_asks = {method.code: method.required_fields for method in methods}
        self.method_fields = {
            method.code: [
                *(self[name] for name in METHOD_FIELDS if name in method.asked_fields),
                *([self.invoice_at] if method.invoice_choice and days else []),
            ]
            for method in methods
        }
        self.payment_method.choices = [SelectChoice(method.code, method.local_name) for method in methods]

    def owe_nothing(self, methods: Sequence[PaymentMethod]) -> None:
        """Ask for no way to pay, as a code takes everything off; the order keeps the method that asks for least."""
        least = min(methods, key=lambda method: len(method.required_fields), default=None)
        self.payment_method.data = least.code if least else ""
        self.payment_method.validators = []

    def show_promo(self, problem: str) -> None:
        """Say beside the code, before anything is ordered, why it takes nothing off."""
        if problem and problem not in self.promo_code.errors:
            self.promo_code.errors = [*self.promo_code.errors, problem]

    def want_quote(self) -> None:
        """Ask for a quote instead: whoever orders by it accepts the terms then."""
        self.accept_terms.validators = []

    def renew(self) -> None:
        """Make this a new order: what was sent under the present token is one already."""
        self.submission.renew()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        return self._validate_together() and valid

    def request(self, items: Sequence[Item], *, locale: str) -> OrderRequest:
        """Return the order that the form and ``items`` make."""
        return OrderRequest(
            buyer=self.buyer(),
            billing=self.billing(),
            payment_method=self.payment_method.data or "",
            items=tuple(self._delivered(item) for item in items),
            promo_code=self.promo_code.data or "",
            invoice_at=self.invoice_at.data or "",
            card_consent=self.consent,
            idempotency_key=f"form-{self.submission.data}",
            locale=locale,
        )

    def buyer(self) -> Buyer:
        """Return who orders."""
        return Buyer(
            email=self.email.data or "",
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            phone=self.phone.data or "",
        )

    def billing(self) -> Billing:
        """Return who is billed."""
        return Billing(
            organisation=self.organisation.data or "",
            siret=self.siret.data or "",
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            city=self.city.data or "",
            email=self.billing_email.data or "",
            service_code=self.service_code.data or "",
            commitment_number=self.commitment_number.data or "",
            vat_number=self.vat_number.data or "",
        )

    def show_refusal(self, errors: Mapping[str, str]) -> list[str]:
        """Put the messages of JSON pointers beside the fields; return those that have no field here."""
        elsewhere = []
        for pointer, message in errors.items():
            field = self._field_at(pointer.strip("/").split("/"))
            if field is None:
                elsewhere.append(message)
            elif message not in field.errors:
                field.errors = [*field.errors, message]
        return elsewhere

    def _field_at(self, path: list[str]) -> Any:
        if path[0] == "customer":
            name = path[-1]
            return self["organisation"] if name == "name" else self._fields.get(name)
        if path[0] == "items" and len(path) >= 4 and path[2] == "delivery":
            return self._fields.get(f"delivery_{path[3]}")
        return self._fields.get(path[0]) if len(path) == 1 else None

    def _validate_together(self) -> bool:
        """Ask for what depends on other fields."""
        missing = self._missing_of_buyer()
        if self.organisation.data:
            for name, message in (
                ("address", _("Indiquez l’adresse de facturation.")),
                ("postcode", _("Indiquez le code postal.")),
                ("city", _("Indiquez la ville.")),
            ):
                if not self[name].data:
                    missing.append((self[name], message))
        if self.siret.data and (problem := siret_problem(self.siret.data)):
            missing.append((self.siret, _(problem)))
        if self.vat_number.data and (problem := vat_number_problem(self.vat_number.data)):
            missing.append((self.vat_number, problem))
        if problem := self.problem_of_renewal(for_organisation=bool(self.organisation.data or self.siret.data)):
            missing.append((self.renew_by_card, problem))
        for field, message in missing:
            field.errors = [*field.errors, message]
        return not missing

    def _missing_of_buyer(self) -> list[tuple[Field, str]]:
        buyer = self.buyer()
        return [
            (self[name], message)
            for name, value, message in (
                ("first_name", buyer.first_name, _("Indiquez votre prénom.")),
                ("last_name", buyer.last_name, _("Indiquez votre nom.")),
                ("email", buyer.email, _("Indiquez votre courriel : le lien de la commande y est envoyé.")),
            )
            if not value and not self[name].errors
        ]

    def _delivered(self, item: Item) -> Item:
        """Return a subscription with the delivery address of the form; the billing address where none is given.

        Where a gift is sent its reader says.
        """
        if not isinstance(item, Subscription) or item.gift is not None:
            return item
        if self.delivery_address.data:
            delivery = Delivery(
                name=self.delivery_name.data or self._buyer_name(),
                address=self.delivery_address.data,
                postcode=self.delivery_postcode.data or "",
                city=self.delivery_city.data or "",
            )
        else:
            delivery = Delivery(
                name=self.organisation.data or self._buyer_name(),
                address=self.address.data or "",
                postcode=self.postcode.data or "",
                city=self.city.data or "",
            )
        return replace(self.on_paper(item), delivery=delivery)

    def _buyer_name(self) -> str:
        buyer = self.buyer()
        return f"{buyer.first_name} {buyer.last_name}".strip()


class RegistrationForm(OrderForm):
    """An order that begins with the participants of one day."""

    attendees = Entries(
        FormField(AttendeeForm), min_entries=1, max_entries=MOST_ATTENDEES, description=_l("Participant")
    )
    #: What the organiser asks once, whoever comes.
    answers = AnswersField()
    #: Most people register themselves: the first participant is then the one who orders.
    buyer_attends = BooleanField(_l("C’est la première personne inscrite qui commande"))

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields as the page shows them: the participants first."""
        first = (self.attendees, self.answers, self.buyer_attends)
        yield from first
        yield from (field for field in super().__iter__() if field not in first)

    def offer_day(self, day: StudyDay, *, questions: Sequence[Question], now: datetime) -> None:
        """Offer the rates of ``day`` that are on sale, a single one is chosen; ask what its organiser asks."""
        language = {} if i18n.locale_code() == i18n.DEFAULT_LOCALE else {"lang": i18n.DEFAULT_LOCALE}
        choices = [
            SelectChoice(
                rate.code,
                f"{rate.local_name} · {i18n.money(rate.price_cents)}",
                render_kw={} if rate.name_en else language,
            )
            for rate in day.rates
            if rate.is_available(now)
        ]
        if len(choices) > 1:
            choices.insert(0, SelectChoice("", _("Choisir…")))
        self.has_subscriber_rate = any(rate.for_subscribers and rate.is_available(now) for rate in day.rates)
        of_person = [question for question in questions if question.scope is QuestionScope.PERSON]
        for entry in self.attendees:
            entry.form.rate.choices = choices
            entry.form.answers.ask(of_person, check=checked_answers, put_aside=put_aside)
        self.answers.ask(
            [question for question in questions if question.scope is QuestionScope.ORDER], check=checked_answers
        )

    def seats(self, day: StudyDay) -> Seats:
        """Return the participants."""
        attendees = tuple(entry.form.value() for entry in self.attendees)
        return Seats(study_day=day.slug, attendees=attendees, answers=self.answers.data)

    def show_seats(self, seats: Seats) -> None:
        """Show these participants, and nobody else."""
        while len(self.attendees):
            self.attendees.pop_entry()
        for attendee in seats.attendees:
            self.attendees.append_entry({**asdict(attendee), "name_later": not attendee.is_named})
        self.answers.process(None, dict(seats.answers))

    def rearrange(self, pressed: Mapping[str, str], *, most: int = MOST_ATTENDEES) -> bool:
        """Do what the buttons among the participants ask for, up to ``most``; return whether one was pressed."""
        if "add_attendee" in pressed:
            self._add_attendee(most=most)
        elif "remove_attendee" in pressed:
            positions = {str(position): position for position in range(len(self.attendees))}
            self._remove_attendee(positions.get(pressed["remove_attendee"], -1))
        elif "copy_first" in pressed:
            self._copy_first()
        else:
            return False
        return True

    def _copy_first(self) -> None:
        """Give the others the rate and the function of the first, where they have none of their own.

        The address never: each is written to.
        """
        first, *others = [entry.form for entry in self.attendees]
        for person in others:
            person.rate.data = person.rate.data or first.rate.data
            if not person.name_later.data:
                person.job_title.data = person.job_title.data or first.job_title.data

    def _add_attendee(self, *, most: int) -> None:
        """Make room for one more."""
        if len(self.attendees) < most:
            last = self.attendees[-1].form
            self.attendees.append_entry({"name_later": last.name_later.data, "rate": last.rate.data})

    def _remove_attendee(self, position: int) -> None:
        """Take the participant at ``position`` (from 0) out; the last one stays."""
        people = [entry.form.data for entry in self.attendees]
        if len(people) > 1 and 0 <= position < len(people):
            del people[position]
            while len(self.attendees):
                self.attendees.pop_entry()
            for person in people:
                self.attendees.append_entry(person)

    def buyer(self) -> Buyer:
        if not self.buyer_attends.data:
            return super().buyer()
        first = self.attendees[0].form.value()
        return Buyer(
            email=first.email, first_name=first.first_name, last_name=first.last_name, phone=self.phone.data or ""
        )

    def show_refusal(self, errors: Mapping[str, str]) -> list[str]:
        elsewhere = super().show_refusal(errors)
        # A list of fields remembers the errors of its entries when it is validated; these came later.
        self.attendees.errors = [entry.form.errors for entry in self.attendees]
        return elsewhere

    def _missing_of_buyer(self) -> list[tuple[Field, str]]:
        """Return what is missing of the buyer: nothing where the first participant orders, whose own fields say it."""
        if not self.buyer_attends.data:
            return super()._missing_of_buyer()
        first = self.attendees[0].form
        if not first.name_later.data:
            return []
        return [(first.name_later, _("C’est cette personne qui commande : donnez son nom, ou dites qui commande."))]

    def _field_at(self, path: list[str]) -> Any:
        if path[:2] == ["items", "0"] and len(path) == 5 and path[2] == "attendees":
            return self.attendees[int(path[3])].form[path[4]]
        if path[:2] == ["items", "0"] and path[-2] == "answers" and len(path) in {4, 6}:
            answers = self.attendees[int(path[3])].form.answers if len(path) == 6 else self.answers
            return answers.field(path[-1])
        return super()._field_at(path)
