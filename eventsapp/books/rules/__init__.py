"""Decisions about the books on plain values: entries, their file, what is paid out, when tax is due."""

from eventsapp.books.rules._accounts import require_apart as require_apart
from eventsapp.books.rules._entries import in_order as in_order
from eventsapp.books.rules._entries import is_balanced as is_balanced
from eventsapp.books.rules._entries import money_entries as money_entries
from eventsapp.books.rules._entries import numbered as numbered
from eventsapp.books.rules._entries import payout_entry as payout_entry
from eventsapp.books.rules._entries import sale_entry as sale_entry
from eventsapp.books.rules._entries import slip_entry as slip_entry
from eventsapp.books.rules._fec import FEC_COLUMNS as FEC_COLUMNS
from eventsapp.books.rules._fec import FEC_ENCODING as FEC_ENCODING
from eventsapp.books.rules._fec import FEC_END as FEC_END
from eventsapp.books.rules._fec import FEC_SEPARATOR as FEC_SEPARATOR
from eventsapp.books.rules._fec import JOURNALS as JOURNALS
from eventsapp.books.rules._fec import fec_rows as fec_rows
from eventsapp.books.rules._fec import writable as writable
from eventsapp.books.rules._payouts import read_report as read_report
from eventsapp.books.rules._vat import Billed as Billed
from eventsapp.books.rules._vat import Part as Part
from eventsapp.books.rules._vat import Share as Share
from eventsapp.books.rules._vat import due_shares as due_shares
