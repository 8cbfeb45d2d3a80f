"""Days and what they are made of; what their organisers ask."""

from eventsapp.study_days.models._days import DayDocument as DayDocument
from eventsapp.study_days.models._days import Intervention as Intervention
from eventsapp.study_days.models._days import Rate as Rate
from eventsapp.study_days.models._days import RateComponent as RateComponent
from eventsapp.study_days.models._days import Series as Series
from eventsapp.study_days.models._days import StudyDay as StudyDay
from eventsapp.study_days.models._days import StudySession as StudySession
from eventsapp.study_days.models._days import Theme as Theme
from eventsapp.study_days.models._questions import Question as Question
