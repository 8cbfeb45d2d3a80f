"""The form of a promotional code."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from eventsapp.core import french
from eventsapp.core.fields import NOT_WHOLE, long_text_field, require_amount, text_field
from eventsapp.core.money import amount_cents
from eventsapp.office.forms import Ticks
from eventsapp.promotions.models import PromoCode
from eventsapp.promotions.rules import CODE_LENGTH, normalised
from eventsapp.promotions.statuses import PromoKind
from eventsapp.promotions.values import CodeDraft
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan

_EVERYTHING, _CHOSEN = "everything", "chosen"


class CodeForm(FlaskForm):
    """A code as the office writes it."""

    code = text_field(
        _l("Code"),
        most=CODE_LENGTH,
        required=_l("Donnez un code : BIENVENUE-2027."),
        description=_l("Majuscules et minuscules se valent."),
        render_kw={"autocapitalize": "characters"},
    )
    kind = RadioField(
        _l("Remise"),
        choices=[
            SelectChoice(PromoKind.PERCENT.value, _l("Un pourcentage de chaque ligne")),
            SelectChoice(PromoKind.AMOUNT.value, _l("Un montant sur la commande")),
            SelectChoice(PromoKind.FREE.value, _l("Gratuit")),
        ],
        validators=[InputRequired(_l("Choisissez la remise."))],
    )
    percent = IntegerField(_l("Pourcentage"), validators=[Optional()], invalid_value_message=NOT_WHOLE)
    amount = text_field(_l("Montant TTC en euros"), most=20)
    uses_limit = IntegerField(
        _l("Nombre d’utilisations"),
        validators=[Optional(), NumberRange(1, 1_000_000, _l("De 1 à 1 000 000 d’utilisations."))],
        invalid_value_message=NOT_WHOLE,
        description=_l("En commandes ; sans limite si vide."),
    )
    valid_from = DateField(_l("Premier jour"), validators=[Optional()])
    valid_until = DateField(_l("Dernier jour"), validators=[Optional()])
    scope = RadioField(
        _l("Vaut pour"),
        choices=[
            SelectChoice(_EVERYTHING, _l("Tout : journées et abonnements")),
            SelectChoice(_CHOSEN, _l("Seulement ce qui est coché ci-dessous")),
        ],
        validators=[InputRequired(_l("Choisissez pour quoi le code vaut."))],
    )
    days = Ticks(_l("Journées"), coerce=int)
    plans = Ticks(_l("Formules"), coerce=int)
    note = long_text_field(
        _l("Note"), most=500, description=_l("Pour l’équipe seulement : à qui il est donné."), render_kw={"rows": 2}
    )
    enabled = BooleanField(_l("Utilisable"))

    def offer(self, days: Sequence[StudyDay], plans: Sequence[Plan]) -> None:
        """Offer these days and plans to choose from."""
        self.days.choices = [
            SelectChoice(day.id, f"{day.city.name}, {french.date_long(day.date)} · {day.title}") for day in days
        ]
        self.plans.choices = [SelectChoice(plan.id, plan.name) for plan in plans]

    def validate_amount(self, field: object) -> None:
        """Refuse what is no amount, where one is asked for."""
        if self.kind.data == PromoKind.AMOUNT:
            require_amount(field, or_else=_l("Écrivez un montant en euros, par exemple 50,00."), least_cents=1)

    def draft(self) -> CodeDraft:
        """Return the code."""
        kind = PromoKind(self.kind.data)
        values = {
            PromoKind.PERCENT: self.percent.data or 0,
            PromoKind.AMOUNT: amount_cents(self.amount.data or "") or 0,
            PromoKind.FREE: 0,
        }
        return CodeDraft(
            code=normalised(self.code.data),
            kind=kind,
            value=values[kind],
            uses_limit=self.uses_limit.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            for_everything=self.scope.data == _EVERYTHING,
            day_ids=frozenset(self.days.data or ()),
            plan_ids=frozenset(self.plans.data or ()),
            note=self.note.data or "",
            enabled=self.enabled.data,
        )


def values_of(code: PromoCode | None) -> dict[str, object]:
    """Return what the form shows of ``code``, or of a new one."""
    if code is None:
        return {"kind": PromoKind.PERCENT.value, "scope": _EVERYTHING, "enabled": True}
    return {
        "code": code.code,
        "kind": code.kind.value,
        "percent": code.value if code.kind is PromoKind.PERCENT else None,
        "amount": french.plain_amount(code.value) if code.kind is PromoKind.AMOUNT else "",
        "uses_limit": code.uses_limit,
        "valid_from": code.valid_from,
        "valid_until": code.valid_until,
        "scope": _EVERYTHING if code.for_everything else _CHOSEN,
        "days": [day.id for day in code.days],
        "plans": [plan.id for plan in code.plans],
        "note": code.note,
        "enabled": code.enabled,
    }
