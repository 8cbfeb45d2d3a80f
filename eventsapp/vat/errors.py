"""What the tax refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class RateInForce(Refusal):
    """A rate that is in force already is changed only by somebody who knows it."""

    code = "vat-rate-in-force"
    title = _l("Ce taux est déjà en vigueur")


class LastRate(Refusal):
    """A category always has a rate."""

    code = "vat-last-rate"
    title = _l("C’est le seul taux de cette catégorie")


class CategoryInUse(Refusal):
    """A category that something is sold under stays."""

    code = "vat-category-in-use"
    title = _l("Cette catégorie sert")
