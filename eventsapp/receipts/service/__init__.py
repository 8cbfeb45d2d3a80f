"""Use cases of money by hand, one module each."""

from eventsapp.receipts.service._deposit import cancel_deposit as cancel_deposit
from eventsapp.receipts.service._deposit import deposit as deposit
from eventsapp.receipts.service._deposit import match_deposit as match_deposit
from eventsapp.receipts.service._move import move as move
from eventsapp.receipts.service._record import record as record
from eventsapp.receipts.service._reverse import reverse as reverse
from eventsapp.receipts.service._statement import ignore_line as ignore_line
from eventsapp.receipts.service._statement import import_statement as import_statement
from eventsapp.receipts.service._statement import match_line as match_line
from eventsapp.receipts.service._statement import reopen_line as reopen_line
