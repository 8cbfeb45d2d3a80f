"""Reading days as visitors see them: drafts never leave these functions, but for ``any_day`` and the office's own."""

from eventsapp.study_days.queries._any import any_day
from eventsapp.study_days.queries._filters import Matching, names_of
from eventsapp.study_days.queries._listing import (
    MOST_LISTED,
    announced_days,
    calendar_days,
    day_list,
    days_of_month,
    next_days,
)
from eventsapp.study_days.queries._office import (
    all_series,
    all_themes,
    appearances_in_office,
    day_in_full,
    office_list,
    present_address,
    series_by_id,
    series_names,
    shows_file,
    speaker_list,
    standing_in_office,
    theme_by_id,
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
    "Matching",
    "Overview",
    "Town",
    "all_series",
    "all_themes",
    "announced_days",
    "any_day",
    "appearances_in_office",
    "appearances_of",
    "calendar_days",
    "day_in_full",
    "day_list",
    "days_of_month",
    "directory_letters",
    "former_day",
    "names_of",
    "next_days",
    "office_list",
    "overview",
    "present_address",
    "related_days",
    "series_by_id",
    "series_names",
    "shown_day",
    "shown_day_in_full",
    "shown_days",
    "shows_file",
    "speaker_directory",
    "speaker_list",
    "standing_in_office",
    "theme_by_id",
    "voices_of_day",
]
