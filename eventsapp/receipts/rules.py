"""Decisions about money by hand, on plain values: reading a bank's file, and matching its lines with orders."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.core import french, texts
from eventsapp.core.errors import Invalid
from eventsapp.payments.values import Part, StatementLine
from eventsapp.receipts.errors import PartsDoNotAddUp, UnreadableStatement
from eventsapp.receipts.values import Candidate, Proposal, Statement

#: What a match is worth: the reference or number of an order, its exact amount, a word of its name.
REFERENCE, AMOUNT, NAME = 100, 40, 15
#: Below, nothing is proposed: a word in common says nothing.
WORTH_SAYING = 30
#: Words of names that every second town hall has.
_EVERYWHERE = frozenset(
    re.findall(
        "[a-z]+",
        "ville mairie commune communaute agglomeration departement conseil departemental regional metropole "
        "service services centre france tresorerie direction generale syndicat mixte pour dans avec",
    )
)
_DATES = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%m-%Y", "%d-%m-%y", "%d.%m.%Y", "%d.%m.%y")
_AMOUNT = re.compile(r"([+-]?)(\d+)(?:[.,](\d{1,2}))?\Z")
_TYPED = re.compile(r"\d{1,3}(?:\s?\d{3})*(?:[.,]\d{1,2})?\s*€?\Z|\d+(?:[.,]\d{1,2})?\s*€?\Z")
_LINE_LABEL = 500
#: What a column of cents holds.
_MOST_CENTS = 2**31 - 1
#: The heads under which banks put things, folded.
_DATE_HEADS = ("date operation", "date de comptabilisation", "date comptable", "date")
_LABEL_HEADS = ("libelle", "description", "reference", "nature", "motif", "detail", "information", "tiers", "nom")
_AMOUNT_HEADS = ("montant",)
_CREDIT_HEADS = ("credit",)
_DEBIT_HEADS = ("debit",)

#: Where date, words, amount, credit and debit stand in a row.
_Heads = tuple[int, list[int], int | None, int | None, int | None]


def terms(text: str) -> list[str]:
    """Return what is looked for: several references are parted by semicolons, pluses or commas with a space."""
    return [term.strip() for term in re.split(r"[;+\n]|,\s+", text) if term.strip()][:20]


def typed_cents(term: str) -> int | None:
    """Return a term of a search, « 621 », « 621,00 » or « 1 290,50 € », in cents; ``None`` if it is no amount."""
    if not _TYPED.match(term):
        return None
    return _cents(re.sub(r"[\s€]", "", term))


def require_sum(parts: Iterable[Part], *, total_cents: int) -> None:
    """Raise ``PartsDoNotAddUp`` unless the parts are together the total, each of something, each order once."""
    given = list(parts)
    if len({part.order_id for part in given}) != len(given) or any(part.amount_cents <= 0 for part in given):
        raise PartsDoNotAddUp("Donnez à chaque commande un montant, une seule fois.")
    left = total_cents - sum(part.amount_cents for part in given)
    if not given or left:
        from_total = french.money(abs(left))
        said = (
            _("Il reste %(amount)s à répartir : les montants doivent faire le total reçu.", amount=from_total)
            if left > 0
            else _("Les montants dépassent le total reçu de %(amount)s.", amount=from_total)
        )
        raise PartsDoNotAddUp(said)


def require_deposit_day(deposited_on: date, *, received_on: date, today: date) -> None:
    """Raise ``Invalid`` for a day on which the cheques cannot have gone to the bank; the bounds are included.

    ``received_on`` is the day of the cheque that came last.
    """
    if deposited_on > today:
        message = _("La date de la remise ne peut pas être à venir : elle passe telle quelle dans les écritures.")
    elif deposited_on < received_on:
        message = _(
            "Un des chèques choisis n’a été reçu que le %(date)s : la remise ne peut pas être plus ancienne.",
            date=french.date_long(received_on),
        )
    else:
        return
    raise Invalid(message, errors={"/deposited_on": message})


def key_of_part(form_key: str, order_id: int) -> str:
    """Return what tells the part that an order has of the money of a form."""
    return f"{form_key}-{order_id}"[-64:]


def read_statement(data: bytes) -> Statement:
    """Return the lines of a bank's CSV, in its order: UTF-8 or cp1252, any of the usual separators and dates.

    A line that tells of a movement and cannot be read is named by its number in the file.

    Raises ``UnreadableStatement``.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableStatement("Ce fichier n’est pas un relevé au format CSV.")
    lines = text.splitlines()
    for separator in (";", "\t", ","):
        reader = csv.reader(lines, delimiter=separator)
        rows = [(reader.line_num, row) for row in reader]
        for at, (_number, row) in enumerate(rows[:30]):
            heads = _heads(row)
            if heads is not None:
                return _statement(rows[at + 1 :], heads)
    raise UnreadableStatement("Ce fichier n’a pas de colonnes « Date », « Libellé » et « Montant » ou « Crédit ».")


def _statement(rows: Iterable[tuple[int, Sequence[str]]], heads: _Heads) -> Statement:
    read, unreadable = [], []
    for number, row in rows:
        line = _line(row, *heads)
        if line is not None:
            read.append(line)
        elif _tells_of_money(row, *heads):
            unreadable.append(number)
    return Statement(lines=tuple(read), unreadable=tuple(unreadable))


def fingerprints(lines: Sequence[StatementLine]) -> list[str]:
    """Return what tells each line from all others, in the next file as well; twins are told apart by their rank."""
    seen: Counter[tuple[date, int, str]] = Counter()
    found = []
    for line in lines:
        key = (line.booked_on, line.amount_cents, compact(line.label))
        seen[key] += 1
        words = f"{line.booked_on.isoformat()}|{line.amount_cents}|{key[2]}|{seen[key]}"
        found.append(hashlib.sha256(words.encode()).hexdigest())
    return found


def compact(text: str) -> str:
    """Return the letters and digits of ``text``, small and without accents: banks break references anywhere."""
    return re.sub(r"[^a-z0-9]", "", texts.fold(text) or "")


def proposals(label: str, *, amount_cents: int, candidates: Sequence[Candidate], most: int = 3) -> list[Proposal]:
    """Return what a line of the statement may pay, the most likely first."""
    words = compact(label)
    named = [candidate for candidate in candidates if _is_named(candidate, words)]
    found = []
    if len(named) > 1 and sum(candidate.balance_cents for candidate in named) == amount_cents:
        found.append(
            Proposal(
                parts=tuple(Part(order_id=one.order_id, amount_cents=one.balance_cents) for one in named),
                references=tuple(one.reference for one in named),
                reasons=("reference", "amount"),
                score=2 * REFERENCE + AMOUNT,
            )
        )
    in_label = set(re.findall(r"[a-z0-9]{4,}", texts.fold(label) or ""))
    for candidate in candidates:
        reasons = []
        score = 0
        if candidate in named:
            reasons.append("reference")
            score += REFERENCE
        if candidate.balance_cents == amount_cents:
            reasons.append("amount")
            score += AMOUNT
        shared = in_label & _name_words(candidate)
        if shared:
            reasons.append("name")
            score += NAME * min(3, len(shared))
        if score >= WORTH_SAYING:
            part = Part(order_id=candidate.order_id, amount_cents=amount_cents)
            found.append(
                Proposal(parts=(part,), references=(candidate.reference,), reasons=tuple(reasons), score=score)
            )
    return sorted(found, key=lambda proposal: -proposal.score)[:most]


def stands_out(found: Sequence[Proposal]) -> bool:
    """Return whether the first proposal is likelier than any other: of two alike, none is."""
    return bool(found) and all(other.score < found[0].score for other in found[1:])


def _is_named(candidate: Candidate, words: str) -> bool:
    return any(compact(number) in words for number in (candidate.reference, *candidate.numbers) if len(number) >= 6)


def _name_words(candidate: Candidate) -> set[str]:
    words = re.findall(r"[a-z0-9]{4,}", texts.fold(" ".join(candidate.names)) or "")
    return {word for word in words if word not in _EVERYWHERE}


def _heads(row: Sequence[str]) -> _Heads | None:
    """Return where date, words, amount, credit and debit stand, if ``row`` is the head of a statement."""
    heads = [(texts.fold(cell) or "").strip() for cell in row]
    day = _first(heads, _DATE_HEADS)
    amount, credit, debit = (_first(heads, names) for names in (_AMOUNT_HEADS, _CREDIT_HEADS, _DEBIT_HEADS))
    labels = [at for at, head in enumerate(heads) if any(name in head for name in _LABEL_HEADS)]
    if day is None or not labels or (amount is None and credit is None):
        return None
    return day, labels, amount, credit, debit


def _first(heads: Sequence[str], names: Sequence[str]) -> int | None:
    for name in names:
        for at, head in enumerate(heads):
            if head.startswith(name):
                return at
    return None


def _line(
    row: Sequence[str], day: int, labels: Sequence[int], amount: int | None, credit: int | None, debit: int | None
) -> StatementLine | None:
    """Return a row as a line; ``None`` for one that holds no date or no amount: a balance, an empty row."""
    booked_on = _date(_cell(row, day))
    cents = _cents(_plain(_cell(row, amount))) if amount is not None else None
    if cents is None:
        came, went = _cents(_plain(_cell(row, credit))), _cents(_plain(_cell(row, debit)))
        cents = abs(came) if came else -abs(went) if went else None
    if booked_on is None or not cents or abs(cents) > _MOST_CENTS:
        return None
    words = dict.fromkeys(texts.one_line(_cell(row, at)) for at in labels)
    label = " · ".join(word for word in words if word)
    printable = "".join(" " if texts.is_unprintable(mark) else mark for mark in label)
    return StatementLine(booked_on=booked_on, label=printable[:_LINE_LABEL], amount_cents=cents)


def _tells_of_money(
    row: Sequence[str], day: int, _labels: Sequence[int], amount: int | None, credit: int | None, debit: int | None
) -> bool:
    """Return whether a row has the look of a date and an amount other than nothing: neither a balance nor a blank."""
    amounts = [_plain(_cell(row, at)) for at in (amount, credit, debit)]
    has_amount = any(re.search("[1-9]", text) for text in amounts)
    return has_amount and re.search(r"\d", _cell(row, day)) is not None


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def _date(text: str) -> date | None:
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day of the bank's has no hour
        except ValueError:
            continue
    return None


def _plain(text: str) -> str:
    """Return an amount with one decimal mark and no others: « 1 290,00 € », « 1.290,00 », « 1,290.00 »."""
    digits = re.sub(r"[^0-9.,+-]", "", text.replace("−", "-").replace("–", "-"))
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0 or len(digits) - last - 1 > 2:
        return digits.replace(",", "").replace(".", "")
    return digits[:last].replace(",", "").replace(".", "") + digits[last:]


def _cents(text: str) -> int | None:
    match = _AMOUNT.match(text)
    if match is None or len(match[2]) > 12:
        return None
    cents = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -cents if match[1] == "-" else cents
