"""Reading what Stripe paid out from its report of the balance."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from eventsapp.books.errors import UnreadableReport
from eventsapp.books.values import Payout, Report

#: What a column may be called: in the itemised reports (« Balance change from activity », « Payout reconciliation »),
#: and in the list of balance transactions that the dashboard exports.
_HEADS = {
    "payout": ("automatic_payout_id", "transfer"),
    "arrived": ("automatic_payout_effective_at", "automatic_payout_effective_at_utc", "transfer date (utc)"),
    "category": ("reporting_category", "type"),
    "gross": ("gross", "amount"),
    "fee": ("fee",),
    "net": ("net",),
    "currency": ("currency",),
}
_PAYMENT = ("payment_intent_id",)
#: Rows that are fees as a whole, and rows that are the payouts themselves.
_FEES = frozenset({"fee", "network_cost", "stripe_fee"})
_PAYOUTS = frozenset({"payout", "payout_reversal", "payout_failure", "transfer", "payout_cancel"})
_CURRENCY = "eur"
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_AMOUNT = re.compile(r"(-?)(\d{1,10})(?:\.(\d{1,2}))?\Z", re.ASCII)
_LEAST_COLUMNS = 4


def read_report(data: bytes) -> Report:
    """Return the payouts that a report of Stripe's tells of, with what each settles; raise ``UnreadableReport``.

    It is the itemised report of the balance or of payouts, as CSV: one row a transaction, each with the payout in
    which it left. Rows that left in none yet are counted as waiting.
    """
    rows = _rows(data)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    arrivals: dict[str, date] = {}
    waiting = 0
    payments = set()
    for row in rows:
        category = row["category"].lower()
        if category in _PAYOUTS:
            continue
        if row["currency"].lower() != _CURRENCY:
            currency = row["currency"].upper()[:10]
            raise UnreadableReport(
                _("Ce rapport contient des sommes en %(currency)s : seul l’euro est lu.", currency=currency)
            )
        if row["payment"]:
            payments.add(row["payment"])
        if not row["payout"]:
            waiting += 1
            continue
        gross, fee, net = (_cents(row[name]) for name in ("gross", "fee", "net"))
        if gross - fee != net:
            raise UnreadableReport(_("Versement %(name)s : une ligne ne fait pas son net.", name=row["payout"][:100]))
        arrivals[row["payout"]] = _day(row["arrived"])
        sums[row["payout"]][0] += net
        sums[row["payout"]][1] += fee - (gross if category in _FEES else 0)
    return Report(
        payouts=tuple(
            Payout(reference=reference[:100], arrived_on=arrivals[reference], net_cents=net, fee_cents=fee)
            for reference, (net, fee) in sorted(sums.items(), key=lambda item: (arrivals[item[0]], item[0]))
        ),
        waiting=waiting,
        payments=frozenset(payments),
    )


def _rows(data: bytes) -> list[Mapping[str, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if "\x00" in text:
        raise _unreadable()
    lines = list(csv.reader(text.splitlines()))
    if not lines or len(lines[0]) < _LEAST_COLUMNS:
        raise _unreadable()
    heads = [head.strip().lower() for head in lines[0]]
    places = {name: _place(heads, names) for name, names in _HEADS.items()}
    if missing := [_HEADS[name][0] for name, place in places.items() if place is None]:
        told = ", ".join(missing)
        raise UnreadableReport(
            _("Il manque des colonnes : téléchargez le rapport « Solde », détaillé, avec %(names)s.", names=told)
        )
    places["payment"] = _place(heads, _PAYMENT)
    return [{name: _cell(line, place) for name, place in places.items()} for line in lines[1:] if line]


def _place(heads: Sequence[str], names: Sequence[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)


def _cell(line: Sequence[str], place: int | None) -> str:
    return line[place].strip() if place is not None and place < len(line) else ""


def _day(text: str) -> date:
    found = _DATE.match(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise UnreadableReport(_("Cette date de versement ne se lit pas : « %(text)s ».", text=text[:30]))


def _cents(text: str) -> int:
    """Return an amount of the report, « 1234.56 », in cents."""
    found = _AMOUNT.match(text.replace(",", ""))
    if found is None:
        raise UnreadableReport(_("Ce montant ne se lit pas : « %(text)s ».", text=text[:30]))
    cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if found[1] else cents


def _unreadable() -> UnreadableReport:
    return UnreadableReport("Ce fichier n’est pas un rapport de Stripe au format CSV.")
