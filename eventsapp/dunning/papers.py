"""The letter of a reminder as PDF."""

from datetime import UTC, date, datetime, time

from eventsapp.core import french, i18n
from eventsapp.dunning.values import Letter
from eventsapp.invoices.rules import split_address
from eventsapp.papers import pdf


def letter_pdf(letter: Letter) -> bytes:
    """Return the letter as it was sent, in its language, the same bytes each time. Raises ``PaperFailed``."""
    with i18n.speaking(letter.language):
        data = {
            "seller": letter.seller,
            "seller_lines": _seller_lines(letter),
            "seller_siret": french.siret(letter.seller_siret),
            "buyer": letter.buyer,
            "contact": letter.contact,
            "address": list(letter.address),
            "date": i18n.date_long(letter.sent_on),
            "title": letter.title,
            "facts": [[key, value] for key, value in _facts(letter) if value],
            "paragraphs": [french.typeset(part.strip()) for part in letter.text.split("\n\n") if part.strip()],
            "terms": [french.typeset(sentence) for sentence in letter.terms],
            "pay": [
                [key, value]
                for key, value in (
                    ("holder", letter.seller if letter.iban else ""),
                    ("iban", _grouped(letter.iban)),
                    ("bic", letter.bic),
                    ("recall", letter.invoice or letter.reference),
                )
                if value
            ],
        }
        return pdf.render(
            "dunning/reminder",
            data,
            title=f"{letter.title} {letter.reference}",
            language=letter.language,
            dated=_at_noon(letter.sent_on),
        )


def _seller_lines(letter: Letter) -> list[str]:
    street, postcode, city = split_address(letter.seller_address)
    return [line for line in (street, f"{postcode} {city}".strip(), letter.seller_email) if line]


def _facts(letter: Letter) -> list[tuple[str, str]]:
    return [
        ("invoice", letter.invoice),
        ("invoiced", i18n.date_long(letter.invoiced_on) if letter.invoiced_on else ""),
        ("order", letter.reference),
        ("order_number", letter.order_number),
        ("due", i18n.date_long(letter.due_on)),
        ("owed", i18n.money(letter.owed_cents)),
    ]


def _grouped(iban: str) -> str:
    plain = "".join(iban.split())
    return french.NO_BREAK.join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _at_noon(day: date) -> datetime:
    """Return a time of the day that is the same day in every part of France."""
    return datetime.combine(day, time(12), tzinfo=UTC)
