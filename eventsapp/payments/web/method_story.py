"""How a payment method reads: as a choice on the registration form, and as what becomes of an order placed today."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field, Form, RadioField
from wtforms.fields.choices import SelectChoice

from eventsapp.core import i18n
from eventsapp.core.fields import text_field
from eventsapp.payments import queries, rules
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft


class _Choice(Form):
    """The choice among payment methods, where there is only one, and the fields below it."""

    payment_method = RadioField()
    service_code = text_field("", most=100)
    commitment_number = text_field("", most=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A choice as it reads in one language."""

    locale: str
    form: _Choice
    rows: dict[str, tuple[str, str]]
    #: What opens below it, each with the word beside its label; none for what must be given.
    fields: list[tuple[Field, str]]


def previews(draft: MethodDraft) -> list[Preview]:
    """Return how the choice reads on the registration form, in French and in English."""
    made = []
    for locale in (i18n.DEFAULT_LOCALE, *i18n.PREFIXED_LOCALES):
        with i18n.speaking(locale):
            form = _Choice(prefix=f"preview-{locale}-", payment_method="method")
            name = i18n.choose(draft.name, draft.name_en)
            form.payment_method.label.text = _("Mode de règlement")
            form.payment_method.choices = [SelectChoice("method", name or "…")]
            form.service_code.label.text = _("Code service")
            form.commitment_number.label.text = _("Numéro d’engagement")
            made.append(
                Preview(
                    locale=locale,
                    form=form,
                    rows={
                        "method": (
                            i18n.choose(draft.delay_label, draft.delay_label_en),
                            f"{i18n.choose(draft.summary, draft.summary_en)} {_promised(draft)}".strip(),
                        )
                    },
                    fields=[
                        (form[name], "" if name in draft.required_fields else _("s’il existe"))
                        for name in rules.OFFERABLE
                        if name in {*draft.required_fields, *draft.optional_fields}
                    ],
                )
            )
    return made


def story(draft: MethodDraft, *, today: date) -> list[tuple[str, str]]:
    """Return what becomes of an order placed ``today``: label and words, for what the method can say so far."""
    told = [(_("La place"), _seat(draft)), (_("Le règlement"), _money(draft, today=today))]
    told.append((_("La facture"), _invoice(draft)))
    told.append(
        (
            _("L’abonnement"),
            _subscription(draft),
        )
    )
    if draft.purchase_order_days:
        days = ngettext("%(num)d jour", "%(num)d jours", draft.purchase_order_days)
        told.append((_("Le bon de commande"), _("relancé après %(days)s", days=days)))
    if draft.closes_days_before > 0:
        days = ngettext("%(num)d jour", "%(num)d jours", draft.closes_days_before)
        told.append((_("Proposé"), _("jusqu’à %(days)s avant la journée", days=days)))
    return [(label, words) for label, words in told if words]


def _subscription(draft: MethodDraft) -> str:
    if not draft.starts_subscription:
        return str(_("commence au règlement"))
    begins = _("commence dès la commande")
    if draft.suspend_days is None or draft.suspend_days < 0:
        return str(begins)
    told = ngettext(
        "suspendu sans règlement %(num)d jour après le délai de grâce",
        "suspendu sans règlement %(num)d jours après le délai de grâce",
        draft.suspend_days,
    )
    return f"{begins}, {told}"


def _promised(draft: MethodDraft) -> str:
    """Return what the choice adds for an order of seats."""
    return rules.what_is_promised(
        online=draft.online,
        confirms_seat=draft.confirms_seat,
        starts_subscription=draft.starts_subscription,
        seats=True,
        subscription=False,
    )


def _seat(draft: MethodDraft) -> str:
    if draft.confirms_seat:
        return str(_("confirmée dès la commande"))
    if not draft.hold_minutes or draft.hold_minutes < 0:
        return ""
    return str(_("retenue %(time)s, confirmée au règlement", time=queries.hold_words(draft.hold_minutes)))


def _money(draft: MethodDraft, *, today: date) -> str:
    if draft.online:
        return str(_("aussitôt, sur la page de paiement"))
    if max(draft.payment_days or 0, draft.grace_days) > rules.MOST_DAYS:
        # The form says that this is too much; no calendar goes so far.
        return ""
    due_on = rules.due_on(placed_on=today, payment_days=draft.payment_days) if draft.confirms_seat else None
    last = rules.tolerated_until(due_on, grace_days=max(0, draft.grace_days))
    if due_on is None or last is None:
        return ""
    if draft.invoice_at is InvoiceMoment.DELIVERY:
        days = ngettext("%(num)d jour", "%(num)d jours", draft.payment_days or 0)
        return str(_("attendu %(days)s après la facture", days=days))
    told = _("attendu au plus tard le %(date)s", date=i18n.date_long(due_on))
    if last > due_on:
        told += ", " + _("toléré jusqu’au %(date)s", date=i18n.date_long(last))
    return str(told)


def _invoice(draft: MethodDraft) -> str:
    words = {
        InvoiceMoment.ORDER: _("émise dès la commande"),
        InvoiceMoment.PAYMENT: _("émise quand tout est réglé"),
        InvoiceMoment.DELIVERY: _("émise après la journée, ou au service fait"),
    }
    told = _("émise dès la commande ou après la journée, au choix de l’acheteur")
    if not draft.invoice_choice:
        told = words[draft.invoice_at]
    return str(_("pro forma dès la commande, puis %(invoice)s", invoice=told) if draft.proforma else told)
