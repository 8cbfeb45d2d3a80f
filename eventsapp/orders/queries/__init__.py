"""Reading orders: one by its link or key, and the list of the office."""

from eventsapp.orders.queries._conditions import BALANCE as BALANCE
from eventsapp.orders.queries._conditions import LOST as LOST
from eventsapp.orders.queries._conditions import counted as counted
from eventsapp.orders.queries._conditions import late as late
from eventsapp.orders.queries._conditions import owed as owed
from eventsapp.orders.queries._conditions import trials_count as trials_count
from eventsapp.orders.queries._list import STATUS_WORDS as STATUS_WORDS
from eventsapp.orders.queries._list import TRIAL as TRIAL
from eventsapp.orders.queries._list import order_list as order_list
from eventsapp.orders.queries._list import payment_tone as payment_tone
from eventsapp.orders.queries._list import payment_word as payment_word
from eventsapp.orders.queries._list import status_tone as status_tone
from eventsapp.orders.queries._orders import by_key as by_key
from eventsapp.orders.queries._orders import by_reference as by_reference
from eventsapp.orders.queries._orders import expirable as expirable
from eventsapp.orders.queries._orders import is_taken_back as is_taken_back
from eventsapp.orders.queries._orders import order_for_link as order_for_link
from eventsapp.orders.queries._orders import orders_of as orders_of
from eventsapp.orders.queries._orders import standing_trials as standing_trials
