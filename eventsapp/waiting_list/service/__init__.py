"""Use cases of the waiting list: all of them under the lock of the day's row."""

from eventsapp.waiting_list.service._end import dissolve as dissolve
from eventsapp.waiting_list.service._end import drop_trials as drop_trials
from eventsapp.waiting_list.service._end import suspend as suspend
from eventsapp.waiting_list.service._forget import forget_old as forget_old
from eventsapp.waiting_list.service._join import join as join
from eventsapp.waiting_list.service._join import leave as leave
from eventsapp.waiting_list.service._office import move as move
from eventsapp.waiting_list.service._office import offer_by_hand as offer_by_hand
from eventsapp.waiting_list.service._office import remove as remove
from eventsapp.waiting_list.service._office import subject as subject
from eventsapp.waiting_list.service._serve import serve as serve
from eventsapp.waiting_list.service._serve import tend as tend
from eventsapp.waiting_list.service._serve import tend_all as tend_all
from eventsapp.waiting_list.service._take_up import keep_for_order as keep_for_order
from eventsapp.waiting_list.service._take_up import take_up as take_up
from eventsapp.waiting_list.service._take_up import take_up_again as take_up_again
