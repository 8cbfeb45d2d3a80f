"""Speakers."""

from eventsapp.api.web.fields import Text
from eventsapp.api.web.shapes.days import SEARCH_LENGTH, DayLink, ReportLink
from eventsapp.api.web.shapes.parts import Answer, ListAnswer, Paging, many, number, one, text, url


class SpeakerFilters(Paging):
    """What the directory is narrowed to."""

    q = Text(most=SEARCH_LENGTH, metadata={"description": "Des mots à chercher : un nom, un organisme."})


class SpeakerSummary(Answer):
    """A speaker in the directory."""

    slug = text("Son nom dans les adresses.", "camille-exemple")
    first_name = text("Son prénom.", "Camille")
    last_name = text("Son nom.", "Exemple")
    name = text("Son nom complet.", "Camille Exemple")
    role = text("Sa fonction la dernière fois.", "directrice générale des services")
    organisation = text("Son organisme la dernière fois.", "Ville d’Exemple")
    url = url("Sa page.", "https://lettre.example/intervenants/camille-exemple/")


class DirectoryLine(SpeakerSummary):
    """A speaker in the directory, with how often."""

    sessions_count = number("À combien de séances.", 3)


class SpeakerList(ListAnswer):
    """A page of the directory."""

    items = many(DirectoryLine, "Les intervenants, par nom.")


class Appearance(Answer):
    """A speaker at a session, as what on that day."""

    study_day = one(DayLink, "La journée.")
    position = number("Le rang de la séance.", 1)
    title = text("Le titre de la séance.", "Les services communs, cinq ans après")
    role = text("Sa fonction ce jour-là.", "directrice générale des services")
    organisation = text("Son organisme ce jour-là.", "Ville d’Exemple")
    url = url("La page de la séance.", "https://lettre.example/journees/angers-2027/seances/1/")


class Speaker(SpeakerSummary):
    """A speaker, whole."""

    biography_markdown = text("Sa biographie, en Markdown ; vide sans son accord.")
    website = text("Son site, s’il y en a un.", "https://www.ville-exemple.fr")
    sessions = many(Appearance, "Ses séances, la dernière d’abord.")
    reports = many(ReportLink, "Les comptes rendus qui le ou la citent, le dernier d’abord.")
