"""Study days: the parameters of their list, and what is told of each."""

from marshmallow import fields

from eventsapp.api.web.fields import Slug, Text, Word
from eventsapp.api.web.shapes.parts import (
    Answer,
    ListAnswer,
    Paging,
    cents,
    day,
    many,
    moment,
    number,
    one,
    text,
    url,
    vat_parts,
    vat_rate,
    word,
    yes_or_no,
)
from eventsapp.magazine.statuses import Access
from eventsapp.study_days.statuses import SHOWN, Availability, QuestionKind, QuestionScope, SessionKind

#: The words of the parameter ``when``.
WHEN = ("upcoming", "past", "all")
#: The longest search, in characters.
SEARCH_LENGTH = 100


class DayFilters(Paging):
    """What the list of days is narrowed to."""

    when = Word(
        WHEN,
        load_default="upcoming",
        metadata={"description": "Les journées à venir, par date ; passées, la dernière d’abord ; ou toutes."},
    )
    city = Slug(load_default="", metadata={"description": "Une ville, par son nom d’adresse.", "example": "angers"})
    theme = Slug(load_default="", metadata={"description": "Un thème, par son nom d’adresse.", "example": "finances"})
    series = Slug(load_default="", metadata={"description": "Une série, par son nom d’adresse."})
    q = Text(
        most=SEARCH_LENGTH,
        metadata={"description": "Des mots à chercher ; ni les accents ni les terminaisons ne comptent."},
    )


class Place(Answer):
    """A town."""

    slug = text("Son nom dans les adresses.", "angers")
    name = text("Son nom.", "Angers")


class DayLink(Answer):
    """A study day, as others name it."""

    slug = text("Son nom dans les adresses.", "angers-2027")
    title = text("Son titre.", "Mutualiser les services")
    date = day("Le premier jour.", "2027-02-24")
    city = one(Place, "La ville.")
    url = url("Sa page.", "https://lettre.example/journees/angers-2027/")


class Venue(Answer):
    """A building."""

    name = text("Son nom.", "Centre de congrès")
    address = text("La rue.", "33, boulevard Carnot")
    postcode = text("Le code postal.", "49100")
    step_free = yes_or_no("Accessible sans marche.", example=True)
    hearing_loop = yes_or_no("Équipé d’une boucle magnétique.", example=True)


class Theme(Answer):
    """A field of work."""

    slug = text("Son nom dans les adresses.", "finances")
    name = text("Son nom.", "Finances")


class Series(Answer):
    """Days on one subject in several towns."""

    slug = text("Son nom dans les adresses.", "mutualisation")
    title = text("Son titre.", "Mutualiser les services")


class DaySummary(Answer):
    """A study day in a list."""

    slug = text("Son nom dans les adresses.", "angers-2027")
    title = text("Son titre.", "Mutualiser les services")
    lead = text("Son sujet, en un paragraphe.")
    url = url("Sa page.", "https://lettre.example/journees/angers-2027/")
    date = day("Le premier jour, dans la ville où elle a lieu.", "2027-02-24")
    last_date = day("Le dernier jour.", "2027-02-24")
    starts_at = moment(
        "Le début, à l’heure de la ville ; nul quand seule la date est connue.",
        "2027-02-24T09:00:00+01:00",
        allow_none=True,
    )
    ends_at = moment("La fin ; nulle quand seule la date est connue.", "2027-02-24T17:00:00+01:00", allow_none=True)
    timezone = text("Le fuseau horaire de la ville.", "Europe/Paris")
    city = one(Place, "La ville.")
    venue = one(Venue, "Le lieu, s’il est connu.", allow_none=True)
    theme = one(Theme, "Le thème, s’il y en a un.", allow_none=True)
    series = one(Series, "La série, s’il y en a une.", allow_none=True)
    status = word("Ce que l’organisateur a décidé.", sorted(SHOWN), "published")
    availability = word(
        "S’inscrire quand c’est `open` ou `few-seats`, attendre une place quand c’est `full` : même libre, une place "
        "proposée à la liste d’attente est prise.",
        Availability,
        "open",
    )
    capacity = number("Combien de places en tout.", 120)
    seats_left = number("Combien de places restent.", 42)
    registration_opens_at = moment(
        "Quand les inscriptions ouvrent ; nul quand elles le sont depuis l’annonce.",
        "2026-12-01T09:00:00+01:00",
        allow_none=True,
    )
    registration_closes_at = moment("Quand elles ferment ; ce moment est exclu.", "2027-02-22T18:00:00+01:00")
    price_from_cents = cents(
        "Le tarif le plus bas encore en vente, TTC ; nul une fois la journée passée", 39000, allow_none=True
    )
    is_fictional = yes_or_no("Inventée pour la démonstration.", example=False)


class DayList(ListAnswer):
    """A page of study days."""

    items = many(DaySummary, "Les journées.")


class DayRate(Answer):
    """What one seat costs for whom."""

    code = text("À mettre dans `rate` d’une commande.", "standard")
    name = text("Son nom.", "Non-abonné")
    condition = text("Qui peut le prendre, en mots.", "Agents de collectivités non abonnées")
    price_cents = cents("Le prix, TTC")
    vat_rate = vat_rate()
    vat_parts = vat_parts()
    available = yes_or_no("Une commande à ce tarif serait acceptée maintenant.", example=True)
    available_until = moment(
        "Jusqu’à quand il est en vente ; ce moment est exclu.", "2026-12-31T23:59:59+01:00", allow_none=True
    )
    for_subscribers = yes_or_no("Demande un abonnement, que le site vérifie.", example=False)


class DayQuestion(Answer):
    """What the organiser asks whoever registers."""

    code = text("À mettre dans `answers` d’une commande.", "repas")
    scope = word("Qui répond : chaque participant, ou qui commande, une fois.", list(QuestionScope), "person")
    kind = word(
        "La sorte de réponse. Un fichier (`file`) ne se donne pas par l’API : laissez la réponse vide, "
        "et la commande rend dans `files_to_give` la page où le donner. S’il est demandé à qui commande (`order`), "
        "commandez sur le site.",
        list(QuestionKind),
        "choice",
    )
    label = text("La question.", "Votre repas")
    help = text("Une phrase pour aider.", "")
    required = yes_or_no("Une commande sans réponse est refusée, sauf pour un fichier.", example=True)
    choices = fields.List(
        fields.String(),
        metadata={"description": "Les réponses proposées, d’une question à choix.", "example": ["Végétarien", "Tout"]},
    )


class SessionSpeaker(Answer):
    """Who speaks at a session, as what on that day."""

    slug = text("Son nom dans les adresses.", "camille-exemple")
    name = text("Son nom.", "Camille Exemple")
    role = text("Sa fonction ce jour-là.", "directrice générale des services")
    organisation = text("Son organisme ce jour-là.", "Ville d’Exemple")
    chairs = yes_or_no("Anime la séance.", example=False)
    url = url("Sa page.", "https://lettre.example/intervenants/camille-exemple/")


class ReportLink(Answer):
    """A report, as others name it."""

    slug = text("Son nom dans les adresses.", "angers-mutualiser")
    title = text("Son titre.", "Angers : mutualiser, mais quoi ?")
    access = word("Qui peut en lire le texte.", Access, "public")
    url = url("Sa page.", "https://lettre.example/articles/angers-mutualiser/")


class DaySession(Answer):
    """A slot of the programme."""

    position = number("Son rang dans le programme, à mettre dans `sessions` d’un compte rendu.", 1)
    kind = word("Ce qui s’y passe.", SessionKind, "talk")
    title = text("Son titre.", "Les services communs, cinq ans après")
    summary = text("De quoi il y est question.")
    starts_at = moment("Le début, s’il est connu.", "2027-02-24T09:30:00+01:00", allow_none=True)
    ends_at = moment("La fin, si elle est connue.", "2027-02-24T10:30:00+01:00", allow_none=True)
    room = text("La salle.", "Auditorium")
    url = fields.String(
        allow_none=True,
        metadata={
            "description": "Sa page ; une pause n’en a pas.",
            "format": "uri",
            "example": "https://lettre.example/journees/angers-2027/seances/1/",
        },
    )
    speakers = many(SessionSpeaker, "Qui y parle.")
    reports = many(ReportLink, "Les comptes rendus publiés de cette séance.")


class Day(DaySummary):
    """A study day, whole."""

    description_markdown = text("De quoi il sera question, en Markdown.")
    status_note = text("Ce qui est dit d’un report ou d’une annulation.", "")
    previous_starts_at = moment("Le début annoncé avant un report.", "2027-01-20T09:00:00+01:00", allow_none=True)
    audience = text("À qui elle s’adresse.")
    objectives = text("Ce que l’on en retire.")
    included = text("Ce que le prix comprend.", "déjeuner compris")
    cancellation_terms = text("À quelles conditions on se désiste.")
    practical_markdown = text("Questions pratiques, en Markdown.")
    contact = text("À qui écrire.", "journees@lettre.example")
    rates = many(DayRate, "Les tarifs.")
    questions = many(DayQuestion, "Les questions posées à l’inscription, dans leur ordre.")
    sessions = many(DaySession, "Le programme, par rang.")
