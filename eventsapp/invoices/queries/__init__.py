"""Reading invoices and quotes."""

from eventsapp.invoices.queries._invoices import by_form_key as by_form_key
from eventsapp.invoices.queries._invoices import by_number as by_number
from eventsapp.invoices.queries._invoices import content_of as content_of
from eventsapp.invoices.queries._invoices import credit_notes_of as credit_notes_of
from eventsapp.invoices.queries._invoices import credited_cents as credited_cents
from eventsapp.invoices.queries._invoices import held_up as held_up
from eventsapp.invoices.queries._invoices import in_full as in_full
from eventsapp.invoices.queries._invoices import is_any_held_up as is_any_held_up
from eventsapp.invoices.queries._invoices import is_invoiced as is_invoiced
from eventsapp.invoices.queries._invoices import of_order as of_order
from eventsapp.invoices.queries._invoices import standing_invoice as standing_invoice
from eventsapp.invoices.queries._invoices import terms as terms
from eventsapp.invoices.queries._left import invoiced as invoiced
from eventsapp.invoices.queries._left import lines_left as lines_left
from eventsapp.invoices.queries._left import nets_left as nets_left
from eventsapp.invoices.queries._list import CHECK_WORDS as CHECK_WORDS
from eventsapp.invoices.queries._list import CUSTOMER_WORDS as CUSTOMER_WORDS
from eventsapp.invoices.queries._list import KIND_WORDS as KIND_WORDS
from eventsapp.invoices.queries._list import invoice_list as invoice_list
from eventsapp.invoices.queries._quotes import QUOTE_WORDS as QUOTE_WORDS
from eventsapp.invoices.queries._quotes import quote_by_key as quote_by_key
from eventsapp.invoices.queries._quotes import quote_by_reference as quote_by_reference
from eventsapp.invoices.queries._quotes import quote_content as quote_content
from eventsapp.invoices.queries._quotes import quote_for_link as quote_for_link
from eventsapp.invoices.queries._quotes import quote_list as quote_list
