"""The « fichier des écritures comptables » as the tax office has it (LPF art. A47 A-1; BOI-CF-IOR-60-40-20)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from eventsapp.books.statuses import JournalCode
from eventsapp.books.values import Chart, Entry

#: In the order that the law gives them.
FEC_COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
#: Of the three sets of characters that the law names (ASCII, ISO 8859-15, EBCDIC), the one with accents and the euro.
FEC_ENCODING = "iso8859-15"
FEC_SEPARATOR, FEC_END = "\t", "\r\n"
JOURNALS = {
    JournalCode.SALES: "Ventes",
    JournalCode.BANK: "Encaissements",
    JournalCode.MISCELLANEOUS: "Opérations diverses",
    JournalCode.TAX: "TVA exigible",
}
_BREAKING = re.compile(r"[\t\r\n|]+")
#: What French typography writes and the set does not have, and any letter's nearest neighbour there.
_NEIGHBOURS = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "\u202f": " ",
    "\u00a0": " ", "•": "-", "ﬁ": "fi", "ﬂ": "fl",
})  # fmt: skip


def fec_rows(entries: Iterable[Entry], chart: Chart) -> Iterator[list[str]]:
    """Yield the lines of the FEC: dates as YYYYMMDD, amounts with a comma, nothing that would break a line."""
    for entry in entries:
        for line in entry.postings:
            account = chart.account_of(line)
            yield [
                writable(cell)
                for cell in (
                    entry.journal.value, JOURNALS[entry.journal], entry.number, _day(entry.dated), account.number,
                    account.label, line.customer, line.customer_name, entry.piece, _day(entry.piece_dated),
                    entry.label, _amount(line.debit_cents), _amount(line.credit_cents), "", "",
                    _day(entry.validated_on), "", "",
                )
            ]  # fmt: skip


def writable(text: str) -> str:
    """Return a text that the file's set of characters can hold, on one line and without its separator."""
    plain = _BREAKING.sub(" ", text.translate(_NEIGHBOURS)).strip()
    return "".join(_written(mark) for mark in plain)


def _written(mark: str) -> str:
    try:
        mark.encode(FEC_ENCODING)
    except UnicodeEncodeError:
        bare = "".join(part for part in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(part))
        return bare if bare and bare.isascii() else "?"
    return mark if mark.isprintable() else " "


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
