"""Letting people in, taking it back, entering who was there from the signed sheet; certificates and papers of a day."""

from eventsapp.attendance.service._certificates import issue as issue
from eventsapp.attendance.service._certificates import issue_again as issue_again
from eventsapp.attendance.service._certificates import revoke as revoke
from eventsapp.attendance.service._certificates import send as send
from eventsapp.attendance.service._check_in import admit_booking as admit_booking
from eventsapp.attendance.service._check_in import admit_seat as admit_seat
from eventsapp.attendance.service._check_in import check_in as check_in
from eventsapp.attendance.service._check_in import check_in_all as check_in_all
from eventsapp.attendance.service._check_in import refusal as refusal
from eventsapp.attendance.service._check_in import told_again as told_again
from eventsapp.attendance.service._jobs import ask as ask
from eventsapp.attendance.service._jobs import ask_by_itself as ask_by_itself
from eventsapp.attendance.service._jobs import forget_old as forget_old
from eventsapp.attendance.service._jobs import make_papers as make_papers
from eventsapp.attendance.service._printing import BLANKS as BLANKS
from eventsapp.attendance.service._printing import MOST_IN_A_FILE as MOST_IN_A_FILE
from eventsapp.attendance.service._read_sheet import LONGEST_SHEET as LONGEST_SHEET
from eventsapp.attendance.service._read_sheet import read_sheet as read_sheet
from eventsapp.attendance.service._sheet import enter as enter
from eventsapp.attendance.service._sheet import note_absent as note_absent
from eventsapp.attendance.service._some import await_again as await_again
from eventsapp.attendance.service._some import forget_some as forget_some
from eventsapp.attendance.service._some import note_some as note_some
from eventsapp.attendance.service._undo import undo as undo
from eventsapp.attendance.service._wording import save_day_papers as save_day_papers
from eventsapp.attendance.service._wording import save_wording as save_wording
