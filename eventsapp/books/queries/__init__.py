"""Reading the books of a period: entries, sums, the tax that is due, the accounts, what Stripe paid out."""

from eventsapp.books.queries._accounts import accounts as accounts
from eventsapp.books.queries._accounts import chart as chart
from eventsapp.books.queries._accounts import vat_accounts as vat_accounts
from eventsapp.books.queries._entries import entries as entries
from eventsapp.books.queries._payouts import card_balance as card_balance
from eventsapp.books.queries._payouts import known_payouts as known_payouts
from eventsapp.books.queries._payouts import payout as payout
from eventsapp.books.queries._payouts import payout_list as payout_list
from eventsapp.books.queries._payouts import unknown_payments as unknown_payments
from eventsapp.books.queries._summaries import money_by_method as money_by_method
from eventsapp.books.queries._summaries import revenue_by_method as revenue_by_method
from eventsapp.books.queries._summaries import revenue_by_product as revenue_by_product
from eventsapp.books.queries._summaries import vat_by_rate as vat_by_rate
from eventsapp.books.queries._vat import vat_due_by_rate as vat_due_by_rate
from eventsapp.books.queries._vat import vat_due_lines as vat_due_lines
