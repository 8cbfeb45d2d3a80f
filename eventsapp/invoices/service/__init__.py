"""Issuing invoices and credit notes, what goes before them, and keeping quotes."""

from eventsapp.invoices.service._anew import issue_anew as issue_anew
from eventsapp.invoices.service._credit import credit as credit
from eventsapp.invoices.service._credit import credit_rest as credit_rest
from eventsapp.invoices.service._finish import finish_due as finish_due
from eventsapp.invoices.service._hold import hold_papers as hold_papers
from eventsapp.invoices.service._issue import issue as issue
from eventsapp.invoices.service._issue import issue_first as issue_first
from eventsapp.invoices.service._proforma import proforma as proforma
from eventsapp.invoices.service._quotes import keep_quote as keep_quote
from eventsapp.invoices.service._quotes import lock_quote as lock_quote
from eventsapp.invoices.service._recheck import recheck as recheck
from eventsapp.invoices.service._terms import save_terms as save_terms
