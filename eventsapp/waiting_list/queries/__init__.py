"""Reading the waiting lists: one group's place, a day's totals, and the list of the office."""

from eventsapp.waiting_list.queries._entries import accepted_offer as accepted_offer
from eventsapp.waiting_list.queries._entries import anybody_waits as anybody_waits
from eventsapp.waiting_list.queries._entries import by_form_key as by_form_key
from eventsapp.waiting_list.queries._entries import by_secret as by_secret
from eventsapp.waiting_list.queries._entries import days_with_lists as days_with_lists
from eventsapp.waiting_list.queries._entries import entry as entry
from eventsapp.waiting_list.queries._entries import entry_of_order as entry_of_order
from eventsapp.waiting_list.queries._entries import last_rank as last_rank
from eventsapp.waiting_list.queries._entries import live as live
from eventsapp.waiting_list.queries._entries import live_by_email as live_by_email
from eventsapp.waiting_list.queries._entries import neighbour as neighbour
from eventsapp.waiting_list.queries._entries import offers_of as offers_of
from eventsapp.waiting_list.queries._entries import open_offer as open_offer
from eventsapp.waiting_list.queries._entries import open_offers as open_offers
from eventsapp.waiting_list.queries._entries import place_of as place_of
from eventsapp.waiting_list.queries._entries import rate_name as rate_name
from eventsapp.waiting_list.queries._entries import totals_of as totals_of
from eventsapp.waiting_list.queries._entries import waiting as waiting
from eventsapp.waiting_list.queries._list import STATUS_TONES as STATUS_TONES
from eventsapp.waiting_list.queries._list import STATUS_WORDS as STATUS_WORDS
from eventsapp.waiting_list.queries._list import entry_list as entry_list
from eventsapp.waiting_list.queries._list import live_count as live_count
from eventsapp.waiting_list.queries._list import live_list as live_list
from eventsapp.waiting_list.queries._list import time_left as time_left
