"""Reading invoices."""

from eventsapp.invoices.queries._invoices import by_number as by_number
from eventsapp.invoices.queries._invoices import content_of as content_of
from eventsapp.invoices.queries._invoices import credited_cents as credited_cents
from eventsapp.invoices.queries._invoices import is_invoiced as is_invoiced
from eventsapp.invoices.queries._invoices import of_order as of_order
from eventsapp.invoices.queries._invoices import terms as terms
