"""Decisions about the tax, on plain values: which day counts, which rate is in force, how a price is split."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _

from eventsapp.core import french
from eventsapp.core.errors import Invalid
from eventsapp.core.money import shared, vat_shares
from eventsapp.vat.errors import RateInForce
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import STANDARD, CategoryDraft, Component, Part, Tariff, Tax

#: Parts that one price is split into at most.
MOST_COMPONENTS = 5
#: The longest code of a category.
CODE_LENGTH = 40
#: What a code of VATEX is made of.
VATEX = re.compile(r"VATEX-[A-Z0-9-]{2,34}")


def supplied_on(*, held_on: date | None, ordered_on: date) -> date:
    """Return the day whose rate counts: that of the study day; for a subscription, that of the order.

    [K], to be confirmed by the accountant. CGI art. 269, 1: the tax arises when the goods are delivered or the service
    is carried out, whatever was invoiced or paid before; a change of rate applies to what is supplied from its day on.
    A study day is carried out on its (first) date. A subscription is a series of deliveries; the rate of its order
    is kept for all of them, as the press is taxed when it is paid for (CGI art. 298 nonies).
    """
    return held_on or ordered_on


def rate_on(rates: Sequence[tuple[date, int]], on: date) -> int:
    """Return the rate in force on a day: the last one that began by then; before the first, the first."""
    begun = [dated for dated in rates if dated[0] <= on]
    return max(begun)[1] if begun else min(rates)[1]


def tax_on(tariff: Tariff, category: str, on: date) -> Tax:
    """Return the tax of a category on a day."""
    dated = tariff[category]
    return Tax(
        category=category,
        rate=rate_on(dated.rates, on),
        exemption=dated.exemption,
        exemption_code=dated.exemption_code,
    )


def parts(components: Sequence[Component], *, price_cents: int, tariff: Tariff, on: date) -> tuple[Part, ...]:
    """Return what ``price_cents`` is made of on a day: the shares make the price, to the cent.

    What is not split is at the standard rate as a whole. A price that is not the sum of its components any more (a
    quote's, a rebate) is shared by their weights.
    """
    split = tuple(components) or (Component(category=STANDARD, cents=price_cents),)
    weights = [component.cents for component in split]
    if not sum(weights):
        weights = [1] + [0] * (len(split) - 1)
    made = []
    for component, cents in zip(split, shared(price_cents, weights), strict=True):
        tax = tax_on(tariff, component.category, on)
        made.append(
            Part(
                label=component.label,
                category=component.category,
                rate=tax.rate,
                exemption=tax.exemption,
                exemption_code=tax.exemption_code,
                unit_price_cents=cents,
                total_cents=cents,
            )
        )
    return tuple(made)


def totals(split: Sequence[Part], *, quantity: int, discount_cents: int) -> tuple[Part, ...]:
    """Return the parts of ``quantity`` units with a discount taken off: each loses of it by what it costs, exactly."""
    full = [quantity * part.unit_price_cents for part in split]
    return tuple(
        part.at(cents - off) for part, cents, off in zip(split, full, shared(discount_cents, full), strict=True)
    )


def scaled(split: Sequence[Part], *, total_cents: int) -> tuple[Part, ...]:
    """Return the parts of what costs ``total_cents`` in the end, because something of it was taken back.

    Each keeps its weight, rounded down; the main one gets what is left. ``books`` says the same in SQL.
    """
    whole = sum(part.total_cents for part in split)
    others = [part.at(part.total_cents * total_cents // whole if whole else 0) for part in split[1:]]
    return split[0].at(total_cents - sum(part.total_cents for part in others)), *others


def net_cents(split: Iterable[Part]) -> int:
    """Return what the parts come to before tax, rounded once a rate, as invoices do."""
    return sum(share.net_cents for share in vat_shares((part.total_cents, part.rate) for part in split))


def rates_of(split: Iterable[Part]) -> list[int]:
    """Return the rates of the parts, the highest first, each once."""
    return sorted({part.rate for part in split}, reverse=True)


def told(components: Iterable[Component]) -> str:
    """Return components as the history tells them: a line each."""
    return "\n".join(
        f"{component.label or 'Tout le prix'} : {french.money(component.cents)}, {component.category}"
        for component in components
    )


def require_components(components: Sequence[Component], *, price_cents: int) -> None:
    """Raise ``Invalid`` unless the components make the price; each of several has a name and costs something."""
    if not components:
        return
    told = ""
    if len(components) > MOST_COMPONENTS:
        told = _("Pas plus de cinq parts dans un prix.")
    elif any(component.cents < 0 for component in components):
        told = _("Les autres parts dépassent le prix.")
    elif sum(component.cents for component in components) != price_cents:
        told = _("Les parts ne font pas le prix.")
    elif len(components) > 1 and not all(component.label and component.cents for component in components):
        told = _("Chaque part d’un prix a un nom et un montant.")
    if told:
        raise Invalid(told, errors={"/components": told})


def require_category(draft: CategoryDraft) -> None:
    """Raise ``Invalid`` for an exempt category without its reason and code, and for another that has them."""
    errors = {}
    if draft.kind is VatKind.EXEMPT:
        if not draft.exemption:
            errors["/exemption"] = _("Dites pourquoi la taxe n’est pas due : la facture l’imprime.")
        if not VATEX.fullmatch(draft.exemption_code):
            errors["/exemption_code"] = _("Écrivez un code VATEX, par exemple VATEX-FR-CGI261-4.")
    elif draft.exemption or draft.exemption_code:
        errors["/exemption"] = _("Seule une catégorie exonérée a un motif.")
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)


def require_rate(kind: VatKind, rate: int) -> None:
    """Raise ``Invalid`` unless the rate goes with the kind: 0 is for what is exempt, and for nothing else."""
    if (rate == 0) != (kind is VatKind.EXEMPT):
        told = (
            _("Une catégorie exonérée est au taux 0.")
            if kind is VatKind.EXEMPT
            else _("Le taux 0 est celui d’une catégorie exonérée.")
        )
        raise Invalid(told, errors={"/rate": told})


def require_future(valid_from: date, *, today: date, knowingly: bool) -> None:
    """Raise ``RateInForce`` for a rate that begins today or before, unless somebody says that it is meant.

    What is sold keeps the rate that it was sold at.
    """
    if valid_from <= today and not knowingly:
        told = _(
            "Ce jour est passé, ou c’est aujourd’hui : les commandes déjà passées gardent leur taux. Cochez la case "
            "pour l’enregistrer quand même."
        )
        raise RateInForce(told, errors={"/knowingly": told})
