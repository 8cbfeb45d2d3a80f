"""Reports, articles and issues as readers see them."""

from marshmallow import fields

from eventsapp.api.web.shapes.days import DayLink
from eventsapp.api.web.shapes.parts import Answer, ListAnswer, day, many, moment, number, one, text, url, word
from eventsapp.magazine.statuses import Access, ArticleKind


class SectionLink(Answer):
    """A heading of the magazine."""

    slug = text("Son nom dans les adresses.", "reportage")
    name = text("Son nom.", "Reportage")


class ArticleSummary(Answer):
    """An article in a list."""

    slug = text("Son nom dans les adresses.", "angers-mutualiser")
    kind = word("Ce que c’est.", ArticleKind, "report")
    title = text("Son titre.", "Angers : mutualiser, mais quoi ?")
    subtitle = text("Son sous-titre.", "")
    lead = text("Son chapô, que tout le monde peut lire.")
    byline = text("Qui l’a écrit.", "la rédaction")
    access = word("Qui peut en lire le texte.", Access, "public")
    published_at = moment("Quand il a paru, si on le sait.", "2027-03-03T08:00:00+00:00", allow_none=True)
    url = url("Sa page.", "https://lettre.example/articles/angers-mutualiser/")
    section = one(SectionLink, "Sa rubrique, s’il en a une.", allow_none=True)
    issue = number("Le numéro où il a paru, s’il y en a un.", 376, allow_none=True)
    study_day = one(DayLink, "La journée dont il rend compte, s’il y en a une.", allow_none=True)


class ReportList(ListAnswer):
    """A page of reports."""

    items = many(ArticleSummary, "Les comptes rendus.")


class ReportSession(Answer):
    """A session that a report is about."""

    position = number("Son rang dans le programme.", 1)
    title = text("Son titre.", "Les services communs, cinq ans après")
    url = url("Sa page.", "https://lettre.example/journees/angers-2027/seances/1/")


class ReportSpeaker(Answer):
    """Whom a report quotes, as what on that day."""

    slug = text("Son nom dans les adresses.", "camille-exemple")
    name = text("Son nom.", "Camille Exemple")
    role = text("Sa fonction à la journée dont il est rendu compte.", "directrice générale des services")
    organisation = text("Son organisme à cette journée.", "Ville d’Exemple")
    url = url("Sa page.", "https://lettre.example/intervenants/camille-exemple/")


class Report(ArticleSummary):
    """A report, whole."""

    body_markdown = fields.String(
        allow_none=True,
        metadata={
            "description": "Le texte, en Markdown ; nul quand il est réservé aux abonnés, qui le lisent sur le site. "
            "Ses images ont leur adresse sur le site (`/fichiers/…`), ouverte à tous.",
            "example": "## Ce qui s’est dit\n\nQuatre collectivités racontent.",
        },
    )
    sessions = many(ReportSession, "Les séances dont il rend compte.")
    speakers = many(ReportSpeaker, "Les personnes citées.")


class Issue(Answer):
    """A number of the magazine and what is in it."""

    number = number("Le numéro.", 376)
    title = text("Son titre, s’il en a un.", "")
    published_on = day("Quand il a paru ; inconnu de quelques anciens numéros.", "2027-03-03", allow_none=True)
    editorial_markdown = text(
        "L’éditorial, en Markdown. Ses images ont leur adresse sur le site (`/fichiers/…`), ouverte à tous."
    )
    url = url("Sa page.", "https://lettre.example/magazine/376/")
    articles = many(ArticleSummary, "Ses articles, par rubrique.")
