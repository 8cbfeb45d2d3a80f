"""Plans."""

from eventsapp.api.web.shapes.parts import (
    Answer,
    ListAnswer,
    cents,
    many,
    number,
    text,
    url,
    vat_parts,
    vat_rate,
    word,
    yes_or_no,
)
from eventsapp.subscriptions.statuses import Audience, Edition


class Plan(Answer):
    """A subscription on offer."""

    slug = text("À mettre dans `plan` d’une commande.", "individuel-un-an")
    name = text("Son nom.", "individuel, un an")
    summary = text("Ce qu’elle comprend.")
    audience = word("Pour qui.", Audience, "individual")
    edition = word("Comment le magazine arrive.", Edition, "both")
    months = number("Pour combien de mois.", 12)
    readers = number("Combien de lecteurs, et de places au tarif abonné par journée.", 1)
    price_cents = cents("Le prix, TTC", 12900)
    vat_rate = vat_rate(2.1)
    vat_parts = vat_parts()
    needs_address = yes_or_no("Demande une adresse de livraison.", example=True)
    copies = number("Combien d’exemplaires de chaque numéro sont envoyés, sur papier.", 1)
    url = url("Sa page.", "https://lettre.example/abonnements/individuel-un-an/")


class PlanList(ListAnswer):
    """Every plan on offer, on one page."""

    items = many(Plan, "Les formules.")
