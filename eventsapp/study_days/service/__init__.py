"""Use cases of days."""

from eventsapp.study_days.service._catalogue import delete_series, delete_theme, save_series, save_theme
from eventsapp.study_days.service._days import (
    create_day,
    delete_draft,
    duplicate_day,
    edit_essentials,
    edit_particulars,
    give_address,
)
from eventsapp.study_days.service._documents import (
    KEPT_AFTER_REMOVAL,
    add_document,
    edit_document,
    erase_removed,
    move_document,
    remove_document,
    restore_document,
)
from eventsapp.study_days.service._edits import subject
from eventsapp.study_days.service._programme import (
    add_session,
    add_slots,
    edit_session,
    move_session,
    remove_session,
)
from eventsapp.study_days.service._questions import (
    add_question,
    ask_again,
    edit_question,
    move_question,
    retire_question,
)
from eventsapp.study_days.service._rates import edit_rates
from eventsapp.study_days.service._seats import SCOPE, free_seats, hold, lock, take_beyond, take_seats
from eventsapp.study_days.service._speakers import merge_speakers
from eventsapp.study_days.service._status import cancel, postpone, publish, readiness, unpublish

__all__ = [
    "KEPT_AFTER_REMOVAL",
    "SCOPE",
    "add_document",
    "add_question",
    "add_session",
    "add_slots",
    "ask_again",
    "cancel",
    "create_day",
    "delete_draft",
    "delete_series",
    "delete_theme",
    "duplicate_day",
    "edit_document",
    "edit_essentials",
    "edit_particulars",
    "edit_question",
    "edit_rates",
    "edit_session",
    "erase_removed",
    "free_seats",
    "give_address",
    "hold",
    "lock",
    "merge_speakers",
    "move_document",
    "move_question",
    "move_session",
    "postpone",
    "publish",
    "readiness",
    "remove_document",
    "remove_session",
    "restore_document",
    "retire_question",
    "save_series",
    "save_theme",
    "subject",
    "take_beyond",
    "take_seats",
    "unpublish",
]
