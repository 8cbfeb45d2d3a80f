"""Plans, contracts, gifts, reminders, renewals by card; and who reads under the contract of an institution."""

from eventsapp.subscriptions.models._cards import CardAgreement as CardAgreement
from eventsapp.subscriptions.models._cards import CardCharge as CardCharge
from eventsapp.subscriptions.models._cards import CardRenewal as CardRenewal
from eventsapp.subscriptions.models._contracts import Contract as Contract
from eventsapp.subscriptions.models._contracts import ContractAddress as ContractAddress
from eventsapp.subscriptions.models._contracts import ContractReminder as ContractReminder
from eventsapp.subscriptions.models._contracts import Gift as Gift
from eventsapp.subscriptions.models._contracts import Plan as Plan
from eventsapp.subscriptions.models._contracts import PlanComponent as PlanComponent
from eventsapp.subscriptions.models._readers import ContractSeat as ContractSeat
from eventsapp.subscriptions.models._readers import Manager as Manager
from eventsapp.subscriptions.models._readers import Member as Member
from eventsapp.subscriptions.models._readers import MonthlyReads as MonthlyReads
from eventsapp.subscriptions.models._readers import ReaderDomain as ReaderDomain
from eventsapp.subscriptions.models._readerships import Readership as Readership
