"""Numbering the accounts, and recording what Stripe paid out."""

from eventsapp.books.service._accounts import save_accounts as save_accounts
from eventsapp.books.service._payouts import import_report as import_report
from eventsapp.books.service._payouts import record_payout as record_payout
from eventsapp.books.service._payouts import reverse_payout as reverse_payout
