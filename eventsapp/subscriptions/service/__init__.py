"""Writing plans, contracts, gifts, and reminders that a subscription ends."""

from eventsapp.subscriptions.service._addresses import apply_addresses as apply_addresses
from eventsapp.subscriptions.service._addresses import change_address as change_address
from eventsapp.subscriptions.service._addresses import mark_undelivered as mark_undelivered
from eventsapp.subscriptions.service._addresses import mend as mend
from eventsapp.subscriptions.service._addresses import set_copies as set_copies
from eventsapp.subscriptions.service._contracts import cancel_of_order as cancel_of_order
from eventsapp.subscriptions.service._contracts import expire_due as expire_due
from eventsapp.subscriptions.service._contracts import is_superseded as is_superseded
from eventsapp.subscriptions.service._contracts import open_contract as open_contract
from eventsapp.subscriptions.service._contracts import require_renewable as require_renewable
from eventsapp.subscriptions.service._contracts import start as start
from eventsapp.subscriptions.service._contracts import start_of_order as start_of_order
from eventsapp.subscriptions.service._contracts import suspend_of_order as suspend_of_order
from eventsapp.subscriptions.service._contracts import withdraw as withdraw
from eventsapp.subscriptions.service._gifts import announce_due as announce_due
from eventsapp.subscriptions.service._gifts import open_gift as open_gift
from eventsapp.subscriptions.service._gifts import redeem as redeem
from eventsapp.subscriptions.service._gifts import send_again as send_again
from eventsapp.subscriptions.service._gifts import tell_givers as tell_givers
from eventsapp.subscriptions.service._granted import end as end
from eventsapp.subscriptions.service._granted import grant as grant
from eventsapp.subscriptions.service._plans import save_plan as save_plan
from eventsapp.subscriptions.service._reminders import remind_due as remind_due
from eventsapp.subscriptions.service._reminders import resign as resign
from eventsapp.subscriptions.service._reminders import set_reminders as set_reminders
