"""Reading days as visitors see them: drafts never leave these functions, but for ``any_day``."""

from eventsapp.study_days.queries._any import any_day
from eventsapp.study_days.queries._filters import names_of
from eventsapp.study_days.queries._listing import (
    MOST_LISTED,
    announced_days,
    calendar_days,
    day_list,
    days_of_month,
    next_days,
)
from eventsapp.study_days.queries._overview import Choice, Overview, Town, overview
from eventsapp.study_days.queries._people import (
    Appearance,
    DirectoryLine,
    appearances_of,
    directory_letters,
    speaker_directory,
    voices_of_day,
)
from eventsapp.study_days.queries._shown import (
    SLUG_KIND,
    former_day,
    related_days,
    shown_day,
    shown_day_in_full,
    shown_days,
)

__all__ = [
    "MOST_LISTED",
    "SLUG_KIND",
    "Appearance",
    "Choice",
    "DirectoryLine",
    "Overview",
    "Town",
    "announced_days",
    "any_day",
    "appearances_of",
    "calendar_days",
    "day_list",
    "days_of_month",
    "directory_letters",
    "former_day",
    "names_of",
    "next_days",
    "overview",
    "related_days",
    "shown_day",
    "shown_day_in_full",
    "shown_days",
    "speaker_directory",
    "voices_of_day",
]
