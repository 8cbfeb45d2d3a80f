"""The forms in which the office writes days; they check shape and hand over frozen values."""

from eventsapp.study_days.web.forms._day import (
    USUAL_RATES,
    EssentialsForm,
    NewDayForm,
    ParticularsForm,
)
from eventsapp.study_days.web.forms._documents import AUDIENCES, DocumentForm, NewDocumentForm
from eventsapp.study_days.web.forms._programme import HOMONYM, KIND_LABELS, LinesForm, SessionForm
from eventsapp.study_days.web.forms._questions import QuestionForm
from eventsapp.study_days.web.forms._rates import RatesForm
from eventsapp.study_days.web.forms._status import (
    AddressForm,
    CancelForm,
    CopyForm,
    PostponeForm,
    SeriesForm,
    ThemeForm,
)

__all__ = [
    "AUDIENCES",
    "HOMONYM",
    "KIND_LABELS",
    "USUAL_RATES",
    "AddressForm",
    "CancelForm",
    "CopyForm",
    "DocumentForm",
    "EssentialsForm",
    "LinesForm",
    "NewDayForm",
    "NewDocumentForm",
    "ParticularsForm",
    "PostponeForm",
    "QuestionForm",
    "RatesForm",
    "SeriesForm",
    "SessionForm",
    "ThemeForm",
]
