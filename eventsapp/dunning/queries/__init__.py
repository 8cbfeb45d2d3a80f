"""Reading what is claimed, what was sent, and the settings of both."""

from eventsapp.dunning.queries._claims import claim_of as claim_of
from eventsapp.dunning.queries._claims import interest_of as interest_of
from eventsapp.dunning.queries._claims import is_public as is_public
from eventsapp.dunning.queries._claims import remindable as remindable
from eventsapp.dunning.queries._list import claim_list as claim_list
from eventsapp.dunning.queries._records import LEVEL_WORDS as LEVEL_WORDS
from eventsapp.dunning.queries._records import START_WORDS as START_WORDS
from eventsapp.dunning.queries._records import all_steps as all_steps
from eventsapp.dunning.queries._records import customer_of as customer_of
from eventsapp.dunning.queries._records import letter_of as letter_of
from eventsapp.dunning.queries._records import methods_with_steps as methods_with_steps
from eventsapp.dunning.queries._records import pause_by_key as pause_by_key
from eventsapp.dunning.queries._records import pauses_of as pauses_of
from eventsapp.dunning.queries._records import planned_of as planned_of
from eventsapp.dunning.queries._records import rates as rates
from eventsapp.dunning.queries._records import reminder as reminder
from eventsapp.dunning.queries._records import reminders_of as reminders_of
from eventsapp.dunning.queries._records import step_by_key as step_by_key
from eventsapp.dunning.queries._records import steps_of as steps_of
