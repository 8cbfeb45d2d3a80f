"""The form of a payment method."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from eventsapp.core.errors import Invalid
from eventsapp.core.fields import NOT_WHOLE, long_text_field, text_field
from eventsapp.office.forms import Ticks, VersionedForm
from eventsapp.payments import queries, rules
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.rules import DETAILS, MEANS_CODES, MOST_DAYS, OFFERABLE, REQUIRABLE
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft

_OFFLINE, _ONLINE = "offline", "online"
_PROMISE, _PAYMENT = "promise", "payment"
#: Of the moments of an invoice, what is the buyer's to choose.
_CHOICE = "choice"
_MINUTES = {1: _l("minutes"), 60: _l("heures"), 24 * 60: _l("jours")}
#: What one may sensibly ask for, in units of a hold.
_MOST_UNITS = 1440
_MEANS_WORDS = {
    "20": _l("Chèque, remis en banque (20)"),
    "30": _l("Virement (30)"),
    "58": _l("Virement SEPA (58)"),
    "48": _l("Carte bancaire (48)"),
    "10": _l("Espèces (10)"),
    "ZZZ": _l("Autre moyen convenu (ZZZ)"),
}
_FIELD_WORDS = {
    "organisation": _l("Organisme à facturer"),
    "siret": _l("SIRET"),
    "address": _l("Adresse"),
    "postcode": _l("Code postal"),
    "city": _l("Ville"),
    "service_code": _l("Code service"),
    "commitment_number": _l("Numéro d’engagement"),
}
_DETAIL_WORDS = {
    "payee": _l("Ordre : le nom du vendeur"),
    "address": _l("Adresse où envoyer le règlement"),
    "seller_siret": _l("Notre SIRET"),
    "iban": _l("IBAN"),
    "bic": _l("BIC"),
    "buyer_siret": _l("SIRET facturé"),
    "service_code": _l("Code service"),
    "commitment_number": _l("Numéro d’engagement"),
}


def _days_field(label: str, *, least: int, description: str | None = None) -> IntegerField:
    told = _l("De %(min)d à %(max)d jours.")
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(least, MOST_DAYS, told)],
        invalid_value_message=NOT_WHOLE,
        description=description or "",
    )


class MethodForm(VersionedForm):
    """A payment method as the office writes it; what cannot go together, ``payments.rules`` says."""

    name = text_field(_l("Nom"), most=60, required=_l("Donnez un nom, par exemple « Virement à 45 jours »."))
    name_en = text_field(_l("Nom en anglais"), most=60, required=_l("Donnez le nom en anglais."))
    delay_label = text_field(
        _l("Délai, en trois mots"), most=40, required=_l("Dites le délai, par exemple « à 45 jours ».")
    )
    delay_label_en = text_field(_l("Délai en anglais"), most=40, required=_l("Dites le délai en anglais."))
    summary = long_text_field(
        _l("Ce qui se passe ensuite"),
        most=300,
        required=_l("Dites en une phrase ce qui se passe quand on choisit ce mode."),
        description=_l("Du règlement seul : ce que deviennent places et abonnement est ajouté selon la commande."),
        render_kw={"rows": 3},
    )
    summary_en = long_text_field(
        _l("Ce qui se passe ensuite, en anglais"),
        most=300,
        required=_l("Dites en anglais ce qui se passe ensuite."),
        render_kw={"rows": 3},
    )
    instructions = long_text_field(
        _l("Comment régler"),
        most=2000,
        description=_l("Sur la page de la commande et dans le courriel de confirmation."),
        render_kw={"rows": 4},
    )
    instructions_en = long_text_field(_l("Comment régler, en anglais"), most=2000, render_kw={"rows": 4})
    shown_details = Ticks(
        _l("Sous le texte, montrer"), choices=[SelectChoice(name, _DETAIL_WORDS[name]) for name in DETAILS]
    )
    online = RadioField(
        _l("Où l’on règle"),
        choices=[
            SelectChoice(_OFFLINE, _l("Hors ligne : virement, chèque, mandat, espèces")),
            SelectChoice(_ONLINE, _l("En ligne, sur la page de paiement par carte")),
        ],
        validators=[InputRequired(_l("Dites où l’on règle."))],
    )
    confirms_seat = RadioField(
        _l("La place est confirmée"),
        choices=[
            SelectChoice(_PROMISE, _l("Dès la commande : la promesse de régler suffit")),
            SelectChoice(_PAYMENT, _l("Au règlement : d’ici là, elle est seulement retenue")),
        ],
        validators=[InputRequired(_l("Dites quand la place est confirmée."))],
    )
    hold_minutes = IntegerField(
        _l("Places retenues pendant"),
        validators=[Optional(), NumberRange(1, _MOST_UNITS, _l("De %(min)d à %(max)d."))],
        invalid_value_message=NOT_WHOLE,
        description=_l(
            "Si la place n’est confirmée qu’au règlement. Passé ce temps, elles sont rendues ; au plus tard quand la "
            "journée commence."
        ),
    )
    hold_unit = SelectField(
        _l("Unité"), coerce=int, choices=[SelectChoice(minutes, label) for minutes, label in _MINUTES.items()]
    )
    payment_days = _days_field(
        _l("Échéance"),
        least=1,
        description=_l(
            "Vide si la place n’est confirmée qu’au règlement. Entre professionnels, 60 au plus (C. com., "
            "art. L441-10) ; un organisme public en a 30 (CCP, art. R2192-10)."
        ),
    )
    grace_days = _days_field(
        _l("Délai de grâce"),
        least=0,
        description=_l(
            "Avant de parler de retard : ni relance d’elle-même, ni ligne « en retard ». Les intérêts moratoires "
            "courent quand même de l’échéance."
        ),
    )
    closes_days_before = _days_field(
        _l("Retiré avant"),
        least=0,
        description=_l("Jours avant la journée, le temps que l’argent arrive ; 0 : proposé jusqu’à la fin."),
    )
    starts_subscription = BooleanField(_l("Un abonnement commence dès la commande, sans attendre le règlement"))
    suspend_days = _days_field(
        _l("Suspendu après le délai de grâce"),
        least=0,
        description=_l(
            "Jours ajoutés au délai de grâce ; sans règlement, l’abonnement est alors suspendu, l’acheteur prévenu une "
            "semaine avant. Vide : jamais de lui-même."
        ),
    )
    required_fields = Ticks(
        _l("L’acheteur doit donner"), choices=[SelectChoice(name, _FIELD_WORDS[name]) for name in REQUIRABLE]
    )
    optional_fields = Ticks(
        _l("Il peut donner, sous le mode choisi"),
        choices=[SelectChoice(name, _FIELD_WORDS[name]) for name in OFFERABLE],
    )
    purchase_order_days = _days_field(
        _l("Relancer le bon de commande après"),
        least=1,
        description=_l("Chaque commande a alors son dossier de mandat ; vide : pas de dossier."),
    )
    invoice_at = RadioField(
        _l("La facture est émise"),
        choices=[
            *(SelectChoice(moment.value, label) for moment, label in queries.MOMENT_WORDS.items()),
            SelectChoice(_CHOICE, _l("Au choix de l’acheteur : tout de suite, ou après la journée")),
        ],
        validators=[InputRequired(_l("Dites quand la facture est émise."))],
    )
    proforma = BooleanField(
        _l("En attendant la facture, donner une facture pro forma"),
        description=_l("Sans numéro ni valeur comptable : de quoi engager la dépense ou demander le règlement."),
    )
    means_code = SelectField(
        _l("Moyen de paiement écrit sur la facture"),
        choices=[SelectChoice(code, _MEANS_WORDS[code]) for code in MEANS_CODES],
        description=_l("Code UNTDID 4461 de la facture électronique ; il dit aussi sur quel compte l’argent arrive."),
    )
    reference_label = text_field(
        _l("Ce que l’on note à l’encaissement"),
        most=60,
        description=_l("Par exemple « Numéro du chèque »."),
    )
    place = SelectField(_l("Place dans la liste"), coerce=int)
    enabled = BooleanField(_l("Proposé à la commande"))
    reminders_like = SelectField(
        _l("Relances"),
        description=_l("Étapes et textes sont recopiés ; ils se modifient ensuite dans Relances."),
        validate_choice=False,
    )

    knowingly = BooleanField(_l("Je confirme ce que l’avertissement signale"))
    #: Something was to be confirmed and is not: the tick is shown.
    doubtful = False

    def is_sure(self) -> bool:
        """Return whether nothing is left to confirm, else say what; what cannot be is refused before that."""
        draft = self.draft()
        try:
            rules.require_possible(draft, takes_cards=True)
        except Invalid:
            return True
        doubts = rules.doubts(draft)
        self.doubtful = bool(doubts)
        if self.knowingly.data or not doubts:
            return True
        for name, told in doubts.items():
            self[name].errors = [*self[name].errors, told]
        return False

    def offer(self, others: Sequence[PaymentMethod]) -> None:
        """Offer the places before and after ``others``."""
        self.place.choices = [
            SelectChoice(1, _("En premier")),
            *(
                SelectChoice(number, _("Après « %(name)s »", name=other.local_name))
                for number, other in enumerate(others, start=2)
            ),
        ]

    def offer_reminders(self, names: Mapping[str, str]) -> None:
        """Offer to copy the reminders of these methods, code → name."""
        self.reminders_like.choices = [
            SelectChoice("", _("Aucune relance")),
            *(SelectChoice(code, _("Comme « %(name)s »", name=name)) for code, name in names.items()),
        ]

    def _moment(self) -> InvoiceMoment:
        """Return when the invoice is issued; where the buyer chooses, for who says nothing."""
        chosen = self.invoice_at.data
        return InvoiceMoment(chosen) if chosen in set(InvoiceMoment) else InvoiceMoment.ORDER

    def draft(self) -> MethodDraft:
        """Return the method; what is required and offered at once is required."""
        required = tuple(name for name in REQUIRABLE if name in (self.required_fields.data or ()))
        asked = self.optional_fields.data or ()
        held = self.hold_minutes.data
        return MethodDraft(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            summary=self.summary.data or "",
            summary_en=self.summary_en.data or "",
            delay_label=self.delay_label.data or "",
            delay_label_en=self.delay_label_en.data or "",
            instructions=self.instructions.data or "",
            instructions_en=self.instructions_en.data or "",
            shown_details=tuple(name for name in DETAILS if name in (self.shown_details.data or ())),
            online=self.online.data == _ONLINE,
            confirms_seat=self.confirms_seat.data == _PROMISE,
            starts_subscription=self.starts_subscription.data,
            suspend_days=self.suspend_days.data,
            hold_minutes=None if held is None else held * (self.hold_unit.data or 1),
            payment_days=self.payment_days.data,
            grace_days=self.grace_days.data or 0,
            purchase_order_days=self.purchase_order_days.data,
            required_fields=required,
            optional_fields=tuple(name for name in OFFERABLE if name in asked and name not in required),
            closes_days_before=self.closes_days_before.data or 0,
            invoice_at=self._moment(),
            invoice_choice=self.invoice_at.data == _CHOICE,
            proforma=self.proforma.data,
            means_code=self.means_code.data or "30",
            reference_label=self.reference_label.data or "",
            enabled=self.enabled.data,
        )


def values_of(method: PaymentMethod | None, *, place: int) -> dict[str, object]:
    """Return what the form shows of ``method``, or of a new one."""
    if method is None:
        return {
            "online": _OFFLINE,
            "confirms_seat": _PROMISE,
            "hold_unit": 24 * 60,
            "payment_days": 30,
            "grace_days": 0,
            "closes_days_before": 0,
            "invoice_at": InvoiceMoment.ORDER.value,
            "means_code": "30",
            "shown_details": ["payee", "iban", "bic"],
            "place": place,
            "enabled": True,
        }
    values = {name: getattr(method, name) for name in MethodDraft.__dataclass_fields__}
    held = method.hold_minutes or 0
    unit = max(minutes for minutes in _MINUTES if held % minutes == 0) if held else 24 * 60
    return values | {
        "online": _ONLINE if method.online else _OFFLINE,
        "confirms_seat": _PROMISE if method.confirms_seat else _PAYMENT,
        "hold_minutes": held // unit or None,
        "hold_unit": unit,
        "invoice_at": _CHOICE if method.invoice_choice else method.invoice_at.value,
        "place": place,
        "version": str(method.version),
    }
