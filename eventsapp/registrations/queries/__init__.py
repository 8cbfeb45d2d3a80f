"""Reading registrations: those of an order, and the list of the office."""

from eventsapp.registrations.queries._answers import Count as Count
from eventsapp.registrations.queries._answers import answer_counts as answer_counts
from eventsapp.registrations.queries._answers import answer_with_file as answer_with_file
from eventsapp.registrations.queries._answers import answered as answered
from eventsapp.registrations.queries._answers import answers_of_day as answers_of_day
from eventsapp.registrations.queries._answers import answers_of_order as answers_of_order
from eventsapp.registrations.queries._answers import answers_of_seat as answers_of_seat
from eventsapp.registrations.queries._answers import person_questions as person_questions
from eventsapp.registrations.queries._answers import values_of_seat as values_of_seat
from eventsapp.registrations.queries._list import door_list as door_list
from eventsapp.registrations.queries._list import registration_list as registration_list
from eventsapp.registrations.queries._people import ReminderDue as ReminderDue
from eventsapp.registrations.queries._people import naming_reminders_due as naming_reminders_due
from eventsapp.registrations.queries._people import of_line as of_line
from eventsapp.registrations.queries._people import retired_ticket as retired_ticket
from eventsapp.registrations.queries._people import seat_as_it_is as seat_as_it_is
from eventsapp.registrations.queries._people import seat_for_link as seat_for_link
from eventsapp.registrations.queries._people import seat_of_order as seat_of_order
from eventsapp.registrations.queries._registrations import day_keys as day_keys
from eventsapp.registrations.queries._registrations import days_of_order as days_of_order
from eventsapp.registrations.queries._registrations import of_day as of_day
from eventsapp.registrations.queries._registrations import of_order as of_order
from eventsapp.registrations.queries._registrations import people_seated as people_seated
from eventsapp.registrations.queries._registrations import seats_by_rate as seats_by_rate
from eventsapp.registrations.queries._registrations import standing_of_order as standing_of_order
from eventsapp.registrations.queries._registrations import subscriber_seats as subscriber_seats
