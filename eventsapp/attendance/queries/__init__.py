"""Reading the door: tickets, who came, and what somebody should look at."""

from eventsapp.attendance.queries._counts import arrivals as arrivals
from eventsapp.attendance.queries._counts import conflicts as conflicts
from eventsapp.attendance.queries._counts import counts as counts
from eventsapp.attendance.queries._counts import counts_of_days as counts_of_days
from eventsapp.attendance.queries._list import check_in_list as check_in_list
from eventsapp.attendance.queries._list import presence_list as presence_list
from eventsapp.attendance.queries._presences import PAGE_SIZE as PAGE_SIZE
from eventsapp.attendance.queries._presences import Attendance as Attendance
from eventsapp.attendance.queries._presences import fact as fact
from eventsapp.attendance.queries._presences import facts as facts
from eventsapp.attendance.queries._presences import half_days as half_days
from eventsapp.attendance.queries._presences import has_sheet_presence as has_sheet_presence
from eventsapp.attendance.queries._presences import people as people
from eventsapp.attendance.queries._presences import presences as presences
from eventsapp.attendance.queries._presences import sheet_page as sheet_page
from eventsapp.attendance.queries._tickets import check_in as check_in
from eventsapp.attendance.queries._tickets import found_by_name as found_by_name
from eventsapp.attendance.queries._tickets import kept_scan as kept_scan
from eventsapp.attendance.queries._tickets import latest as latest
from eventsapp.attendance.queries._tickets import live_admission as live_admission
from eventsapp.attendance.queries._tickets import others_of_order as others_of_order
from eventsapp.attendance.queries._tickets import retired as retired
from eventsapp.attendance.queries._tickets import seat as seat
from eventsapp.attendance.queries._tickets import seats_of_codes as seats_of_codes
from eventsapp.attendance.queries._tickets import seats_of_keys as seats_of_keys
from eventsapp.attendance.queries._tickets import tickets as tickets
