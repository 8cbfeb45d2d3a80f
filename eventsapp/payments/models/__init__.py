"""Payment methods, what was paid and given back, and the journal of it."""

from eventsapp.payments.models._journal import JournalClosing as JournalClosing
from eventsapp.payments.models._journal import JournalEntry as JournalEntry
from eventsapp.payments.models._journal import JournalHead as JournalHead
from eventsapp.payments.models._money import BankLine as BankLine
from eventsapp.payments.models._money import CardSession as CardSession
from eventsapp.payments.models._money import Deposit as Deposit
from eventsapp.payments.models._money import Dispute as Dispute
from eventsapp.payments.models._money import GatewayEvent as GatewayEvent
from eventsapp.payments.models._money import Payment as Payment
from eventsapp.payments.models._money import PaymentAlert as PaymentAlert
from eventsapp.payments.models._money import PaymentMethod as PaymentMethod
from eventsapp.payments.models._money import Refund as Refund
