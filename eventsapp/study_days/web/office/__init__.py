"""Days in the office."""

from eventsapp.study_days.web.office import _catalogue, _day, _days, _documents, _programme, _questions, _rates, _status
from eventsapp.study_days.web.office._blueprint import blueprint

__all__ = ["_catalogue", "_day", "_days", "_documents", "_programme", "_questions", "_rates", "_status", "blueprint"]
