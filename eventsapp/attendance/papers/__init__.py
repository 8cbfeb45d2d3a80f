"""The papers of a day: tickets, certificates, sheets to sign, badges, and what is sent before; nothing is written."""

from eventsapp.attendance.papers._agreement import agreements_pdf as agreements_pdf
from eventsapp.attendance.papers._badges import badges_pdf as badges_pdf
from eventsapp.attendance.papers._bound import bound_pdf as bound_pdf
from eventsapp.attendance.papers._certificate import certificates_pdf as certificates_pdf
from eventsapp.attendance.papers._convocation import convocations_pdf as convocations_pdf
from eventsapp.attendance.papers._programme import programme_pdf as programme_pdf
from eventsapp.attendance.papers._sheet import sheet_pdf as sheet_pdf
from eventsapp.attendance.papers._ticket import calendar_event as calendar_event
from eventsapp.attendance.papers._ticket import tickets_pdf as tickets_pdf
