"""Invoices and credit notes as they are frozen, by hand and at random."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from eventsapp.invoices import rules
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.invoices.values import Buyer, Content, Place, Reference, Seller, Terms
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Part

ISSUED_ON = date(2026, 11, 23)
SELLER = Seller(
    name="La Lettre du cadre territorial",
    street="12, rue des Carmes",
    postcode="49100",
    city="Angers",
    siret="55208131766522",
    vat_number="FR03552081317",
    legal_form="SARL au capital de 10 000 €",
    register="RCS Angers 552 081 317",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    email="comptabilite@lettreducadre.example",
)
TERMS = Terms(
    late_penalty="En cas de retard, des intérêts moratoires sont dus au taux de la Banque centrale européenne "
    "majoré de huit points (art. R2192-31 du code de la commande publique).",
    recovery_fee="Indemnité forfaitaire pour frais de recouvrement : 40 € (art. D2192-35).",
    early_payment="Pas d’escompte pour paiement anticipé.",
    mentions="Commission paritaire n° 0428 T 82053.",
)
#: Why training bears no tax, and its code.
EXEMPTION: dict[str, Any] = {
    "exemption": "Exonération de TVA, art. 261-4-4° a du CGI",
    "exemption_code": "VATEX-FR-CGI261-4",
}
TEACHING: dict[str, Any] = {
    "exemption": "Exonération de TVA, art. 132 1 i de la directive 2006/112/CE",
    "exemption_code": "VATEX-EU-132-1I",
}
#: A public body: the City of Paris.
TOWN_HALL = Buyer(
    name="Ville d’Exemple",
    contact="Dominique Martin",
    street="Direction des finances\n1, place de la Mairie",
    postcode="44000",
    city="Nantes",
    email="finances@ville-exemple.fr",
    siret="21750001600019",
    service_code="FINANCES",
    commitment_number="EJ-2026-0417",
)
COMPANY = Buyer(
    name="Conseil & Territoires SAS",
    contact="Claude Roux",
    street="8, quai Voltaire",
    postcode="75007",
    city="Paris",
    email="compta@conseil-territoires.example",
    siret="73282932000074",
)
PERSON = Buyer(
    name="Camille Leroy",
    street="3, impasse des Lilas",
    postcode="35000",
    city="Rennes",
    email="camille.leroy@exemple.fr",
)
#: Where the magazine goes, when the invoice goes to the finance department.
LIBRARY = Place(name="Médiathèque d’Exemple", street="4, rue des Livres", postcode="44100", city="Nantes")
TRAINING = (
    "Déclaration d’activité enregistrée sous le numéro 52 49 00000 49 auprès du préfet de la région Pays de la Loire ; "
    "cet enregistrement ne vaut pas agrément de l’État."
)
DAY = Sold(
    label="Journée d’étude « La mutualisation avec ceux qui l’ont conduite »",
    detail="Angers, mardi 8 décembre 2026 : Claude Roux, Dominique Martin",
    quantity=2,
    gross_cents=2 * 54_000,
    vat_rate=2000,
)
SUBSCRIPTION = Sold(
    label="Abonnement d’un an à La Lettre du cadre territorial",
    detail="Édition imprimée, 11 numéros",
    quantity=1,
    gross_cents=12_900,
    vat_rate=210,
)


def a_content(*sold: Sold, **values: Any) -> Content:
    """Return an invoice to a town hall, to be paid by transfer within 30 days, unless said otherwise."""
    lines, shares = rules.lines(sold or (DAY, SUBSCRIPTION))
    given: dict[str, Any] = {
        "kind": DocumentKind.INVOICE,
        "number": "F-2026-00042",
        "issued_on": ISSUED_ON,
        "due_on": ISSUED_ON + timedelta(days=30),
        "supplied_from": date(2026, 12, 8),
        "supplied_to": date(2026, 12, 8),
        "nature": Nature.MIXED,
        "order_reference": "LC-7K2M9Q",
        "seller": SELLER,
        "buyer": TOWN_HALL,
        "lines": lines,
        "shares": shares,
        "terms": TERMS,
        "payment_label": "Virement ou mandat administratif",
    }
    return Content(**given | values)


def paid(content: Content, *, on: date | None = ISSUED_ON) -> Content:
    """Return the same, paid by card before it was issued."""
    return replace(
        content,
        paid_cents=content.total_cents,
        paid_on=on,
        due_on=None,
        payment_means="48",
        payment_label="Carte bancaire",
    )


def a_credit_note(*sold: Sold, **values: Any) -> Content:
    """Return a credit note on ``F-2026-00042``."""
    given: dict[str, Any] = {
        "kind": DocumentKind.CREDIT_NOTE,
        "number": "A-2026-00007",
        "due_on": None,
        "credits": Reference(number="F-2026-00042", issued_on=date(2026, 10, 5)),
        "reason": "Annulation de l’inscription de Claude Roux.",
    }
    return a_content(*sold, **given | values)


def random_contents(count: int, *, seed: int) -> list[Content]:
    """Return invoices and credit notes of every sort; the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrecy
    return [_random_content(chance, number) for number in range(1, count + 1)]


def _random_content(chance: random.Random, number: int) -> Content:
    sold = [
        piece
        for line in range(1, chance.choice([1, 1, 1, 2, 2, 3, 5, 9, 20]) + 1)
        for piece in (_random_bundle(chance, line) if chance.random() < 0.25 else [_random_sold(chance, line)])
    ]
    companies = [COMPANY, replace(COMPANY, vat_number="FR40303265045")]
    values: dict[str, Any] = {
        "buyer": chance.choice([TOWN_HALL, replace(TOWN_HALL, service_code=""), *companies, PERSON]),
        "delivered_to": chance.choice([None, None, LIBRARY, replace(LIBRARY, street="", postcode="")]),
        "nature": chance.choice(list(Nature)),
        "supplied_to": date(2026, 12, 8) + timedelta(days=chance.choice([0, 1, 364])),
        "terms": replace(
            TERMS,
            vat_on_debits=chance.random() < 0.3,
            training_declaration=chance.choice(["", TRAINING]),
        ),
    }
    if chance.random() < 0.3:
        if chance.random() < 0.5:
            sold = rules.part(sold, amount_cents=chance.randint(1, sum(piece.gross_cents for piece in sold)))
        return a_credit_note(*sold, **values | {"number": f"A-2026-{number:05}"})
    content = a_content(*sold, **values | {"number": f"F-2026-{number:05}"})
    if (lot := chance.random()) < 0.3:
        return paid(content, on=chance.choice([ISSUED_ON, ISSUED_ON - timedelta(days=12), None]))
    return replace(content, paid_cents=content.total_cents // 3) if lot < 0.4 else content


def _random_sold(chance: random.Random, number: int) -> Sold:
    quantity = chance.choice([1, 1, 2, 3, 7, chance.randint(8, 120)])
    price = chance.choice([12_900, 54_000, 59_900, 9_900, chance.randint(1, 150_000)])
    # A rebate is a lower price; a line may be given for nothing.
    price = price * chance.choice([100, 100, 100, 90, 85, 0]) // 100 or (0 if number > 1 else 1)
    return Sold(
        label=chance.choice(["Journée d’étude", "Abonnement & numéros", "Dossier « Mutualiser » <PDF>"]) + f" {number}",
        detail=chance.choice(["", "Angers, mardi 8 décembre 2026"]),
        quantity=quantity,
        gross_cents=price * quantity,
        **_random_tax(chance),
    )


def _random_tax(chance: random.Random) -> dict[str, Any]:
    rate = chance.choice([210, 2000, 550, 1000, 0])
    return {"vat_rate": rate} | ({} if rate else chance.choice([EXEMPTION, TEACHING]))


def _random_bundle(chance: random.Random, number: int) -> list[Sold]:
    """Return a line of two to five parts, each at its own rate, with a discount now and then."""
    count = chance.choice([2, 2, 3, 5])
    split = [
        Part(
            label=f"part {place}",
            category="any",
            rate=tax["vat_rate"],
            exemption=tax.get("exemption", ""),
            exemption_code=tax.get("exemption_code", ""),
            unit_price_cents=chance.choice([0 if place > 1 else 1, 100, 6_000, 13_900, chance.randint(1, 90_000)]),
            total_cents=0,
        )
        for place, tax in enumerate((_random_tax(chance) for _ in range(count)), start=1)
    ]
    quantity = chance.choice([1, 1, 2, 7, chance.randint(8, 120)])
    full = quantity * sum(part.unit_price_cents for part in split)
    discount = chance.choice([0, 0, full // 10, chance.randint(0, full - 1)])
    totals = vat_rules.totals(split, quantity=quantity, discount_cents=discount)
    sold = rules.pieces(totals, label=f"Formule {number}", detail="Camille Leroy", quantity=quantity)
    return [piece for piece in sold if piece.gross_cents]
