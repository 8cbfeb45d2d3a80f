"""The letter: valid for archives and screen readers, and everything on it that the buyer must find."""

from dataclasses import replace
from datetime import date

import pytest

from eventsapp.dunning.papers import letter_pdf
from eventsapp.dunning.statuses import Level
from eventsapp.dunning.values import Letter, letter_from_json, letter_to_json
from tests.papers.validator import faults, text

LETTER = Letter(
    level=Level.FIRM,
    language="fr",
    sent_on=date(2027, 3, 25),
    title="Deuxième relance",
    text="Notre rappel est resté sans réponse.\n\nDites-le-nous si quelque chose s’y oppose.",
    reference="2026-7K3P-9QXM",
    buyer="Ville d’Exemple",
    contact="Dominique Martin",
    address=("1, place de la Mairie", "44000 Nantes"),
    seller="La Lettre du cadre",
    seller_address="1, rue de l’Essai, 49000 Angers",
    seller_siret="21750001600019",
    iban="FR7630001007941234567890185",
    bic="BDFEFRPP",
    owed_cents=129_000,
    due_on=date(2027, 3, 10),
    invoice="F-2026-00001",
    invoiced_on=date(2027, 2, 8),
    terms=("Intérêts moratoires (CCP art. R2192-31).", "Indemnité de 40 €."),
    order_number="EJ-2026-0417",
    seller_email="comptabilite@lettre.example",
)


def letters(written: str) -> str:
    """Return a text without the layout's business: spaces, soft hyphens, small capitals."""
    return "".join(written.replace("\N{SOFT HYPHEN}", "").lower().split())


@pytest.mark.parametrize(
    "letter", [LETTER, replace(LETTER, language="en", invoice="", invoiced_on=None, terms=(), iban="")]
)
def test_a_letter_is_valid_and_says_what_is_owed(letter: Letter) -> None:
    paper = letter_pdf(letter)

    said = letters(text(paper))
    assert faults(paper) == []
    amount = "1 290,00 €" if letter.language == "fr" else "€1,290.00"
    seller = ("1, rue de l’Essai49000 Angers", letter.seller_email, letter.order_number)
    for part in (letter.buyer, letter.reference, letter.title, amount, *letter.terms, *letter.address, *seller):
        assert letters(part) in said


def test_a_letter_is_the_same_each_time_and_kept_whole() -> None:
    assert letter_from_json(letter_to_json(LETTER)) == LETTER
    assert letter_pdf(LETTER) == letter_pdf(LETTER)
