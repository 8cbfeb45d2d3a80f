"""Letting people in, taking it back, and entering who was there from the signed sheet."""

from eventsapp.attendance.service._check_in import admit_booking as admit_booking
from eventsapp.attendance.service._check_in import admit_seat as admit_seat
from eventsapp.attendance.service._check_in import check_in as check_in
from eventsapp.attendance.service._check_in import check_in_all as check_in_all
from eventsapp.attendance.service._check_in import refusal as refusal
from eventsapp.attendance.service._check_in import told_again as told_again
from eventsapp.attendance.service._read_sheet import LONGEST_SHEET as LONGEST_SHEET
from eventsapp.attendance.service._read_sheet import read_sheet as read_sheet
from eventsapp.attendance.service._sheet import enter as enter
from eventsapp.attendance.service._sheet import note_absent as note_absent
from eventsapp.attendance.service._undo import undo as undo
