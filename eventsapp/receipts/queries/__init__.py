"""Reading for money by hand: orders that match, cheques and slips, the bank's lines."""

from eventsapp.receipts.queries._cheques import MOST_CHEQUES as MOST_CHEQUES
from eventsapp.receipts.queries._cheques import any_reversed as any_reversed
from eventsapp.receipts.queries._cheques import bounced_on as bounced_on
from eventsapp.receipts.queries._cheques import cheque_methods as cheque_methods
from eventsapp.receipts.queries._cheques import cheques_of as cheques_of
from eventsapp.receipts.queries._cheques import cheques_to_deposit as cheques_to_deposit
from eventsapp.receipts.queries._cheques import deposit as deposit
from eventsapp.receipts.queries._cheques import deposit_list as deposit_list
from eventsapp.receipts.queries._cheques import deposits_by_amount as deposits_by_amount
from eventsapp.receipts.queries._cheques import is_reversed as is_reversed
from eventsapp.receipts.queries._cheques import payment as payment
from eventsapp.receipts.queries._cheques import payment_with_order as payment_with_order
from eventsapp.receipts.queries._orders import candidates as candidates
from eventsapp.receipts.queries._orders import is_recorded as is_recorded
from eventsapp.receipts.queries._orders import matching_orders as matching_orders
from eventsapp.receipts.queries._orders import methods_of_transfers as methods_of_transfers
from eventsapp.receipts.queries._orders import orders_by_id as orders_by_id
from eventsapp.receipts.queries._statement import bank_line as bank_line
from eventsapp.receipts.queries._statement import count_lines as count_lines
from eventsapp.receipts.queries._statement import handled_line as handled_line
from eventsapp.receipts.queries._statement import handled_lines as handled_lines
from eventsapp.receipts.queries._statement import known_fingerprints as known_fingerprints
from eventsapp.receipts.queries._statement import open_lines as open_lines
from eventsapp.receipts.queries._statement import paid_by_lines as paid_by_lines
from eventsapp.receipts.queries._statement import slips_of_lines as slips_of_lines
from eventsapp.receipts.queries._statement import standing_payments_of as standing_payments_of
