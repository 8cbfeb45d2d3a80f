"""A day and its people in no database, and each paper made of them: for looking at papers and for measuring them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from eventsapp.attendance import papers, queries
from eventsapp.attendance.models import Certificate, PaperWording
from eventsapp.attendance.statuses import BadgeFormat
from eventsapp.orders.models import Order, OrderLine
from eventsapp.places.models import City, Venue
from eventsapp.registrations.models import Registration
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.statuses import SessionKind

NOW = datetime(2027, 2, 25, 9, tzinfo=UTC)
DECLARATION = (
    "Déclaration d’activité enregistrée sous le numéro 52 49 00000 49 auprès du préfet de région ; "
    "cet enregistrement ne vaut pas agrément de l’État."
)


NAMES = (
    "badges-card",
    "badges-label",
    "badges-tent",
    "sheet",
    "certificates",
    "training",
    "convocations",
    "programme",
    "agreements",
)
_LONG_NAME = (
    "Communauté d’agglomération Angers Loire Métropole, direction de la commande publique et des affaires juridiques"
)


def wording() -> PaperWording:
    """Return sentences as the office has them."""
    return PaperWording(
        signatory="La directrice des journées d’étude",
        signed_at="Angers",
        attendance_text="L’organisateur atteste que la personne nommée ci-dessous a participé à cette journée d’étude.",
        completion_text="Je soussigné, représentant légal du dispensateur de l’action concourant au développement des "
        "compétences, atteste que la personne nommée ci-dessous a suivi cette action.",
        completion_pledge="Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, je "
        "m’engage à conserver l’ensemble des pièces justificatives pendant une durée de trois ans.",
        sheet_text="Chaque participant et chaque intervenant signe pour la demi-journée à laquelle il est présent.",
        convocation_text="Présentez votre billet à l’accueil, imprimé ou sur votre téléphone.\n\nLe règlement "
        "intérieur du lieu s’applique à tous.",
        agreement_text="Suivi et évaluation. L’assiduité est suivie par une feuille d’émargement.\n\nDifférends. À "
        "défaut d’accord amiable, le litige est porté devant le tribunal compétent.",
        keep_days=14,
    )


def a_day() -> StudyDay:
    """Return a day with its programme, in no database."""
    city = City(name="Angers", timezone="Europe/Paris")
    venue = Venue(
        name="Centre de congrès Jean-Monnet",
        address="33, boulevard Carnot",
        postcode="49100",
        city=city,
        access_by_train="Gare d’Angers Saint-Laud, puis tramway A, arrêt Centre de congrès.",
        access_by_road="A11, sortie 15 ; parking Mitterrand.",
        accessibility="Entrée de plain-pied, boucle magnétique dans la salle.",
    )
    starts = datetime(2027, 2, 24, 8, tzinfo=UTC)
    day = StudyDay(
        title="La mutualisation avec ceux qui l’ont conduite",
        lead="Un seul directeur général pour la ville et son agglomération : cinq collectivités disent "
        "ce que cela change.",
        objectives="Choisir un périmètre, chiffrer les économies, conduire les équipes.",
        audience="Directions générales, directions des ressources humaines, élus.",
        included="déjeuner compris",
        contact="journees@exemple.fr",
        slug="angers-2027",
        city=city,
        venue=venue,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        welcome_at=starts - timedelta(minutes=30),
        timezone="Europe/Paris",
        hours_known=True,
    )
    slots = (
        (0, 90, SessionKind.TALK, "Pourquoi mutualiser, et jusqu’où ?"),
        (90, 105, SessionKind.BREAK, "Pause"),
        (105, 240, SessionKind.PANEL, "Tenir la dépense : ce que disent les comptes de trois agglomérations"),
        (240, 330, SessionKind.BREAK, "Déjeuner"),
        (330, 480, SessionKind.WORKSHOP, "Conduire les équipes"),
    )
    for position, (begins, ends, kind, title) in enumerate(slots, start=1):
        session = StudySession(
            position=position,
            kind=kind,
            title=title,
            summary="",
            room="",
            starts_at=starts + timedelta(minutes=begins),
            ends_at=starts + timedelta(minutes=ends),
        )
        if kind is not SessionKind.BREAK:
            speaker = Speaker(id=position, first_name="Jean-Claude", last_name=f"Antonini {position}")
            session.interventions.append(
                Intervention(
                    speaker=speaker, speaker_id=position, position=1, role="maire", organisation="Ville d’Angers"
                )
            )
        day.sessions.append(session)
    return day


def people(day: StudyDay, count: int) -> list[Registration]:
    """Return seats of people with short and with very long names, in no database."""
    seats = []
    for number in range(1, count + 1):
        long = number % 25 == 7
        order = Order(
            reference=f"2027-AAAA-{number:04}",
            billing_name=_LONG_NAME if long else "Ville d’Exemple",
            first_name="Dominique",
            last_name="Payeur",
            siret="21000001400014",
            billing_address="1, place de la Mairie",
            billing_postcode="49000",
            billing_city="Angers",
            commitment_number="",
            locale="fr",
        )
        line = OrderLine(
            order=order,
            label=f"{day.title}, tarif collectivité",
            quantity=1,
            cancelled_quantity=0,
            unit_price_cents=39000,
            total_cents=39000,
            credited_cents=0,
            kept_cents=0,
        )
        seats.append(
            Registration(
                first_name="Marie-Antoinette" if long else "Claude",
                last_name="de La Rochefoucauld-Montmorency-Saint-Hilaire" if long else f"Roux {number}",
                job_title="Directrice générale adjointe chargée des ressources" if long else "DGS",
                email="x@exemple.fr",
                order_line=line,
                study_day=day,
                position=1,
                ticket_code=f"ticket-{number:015}",
                named_at=NOW,
            )
        )
    return seats


def certificates(day: StudyDay, seats: Sequence[Registration], *, training: bool) -> list[Certificate]:
    """Return the certificates of these people, in no database."""
    return [
        Certificate(
            code=f"certificate-{number:010}",
            study_day=day,
            name=seat.name,
            job_title=seat.job_title,
            organisation=seat.order_line.order.billing_name,
            half_days=["2027-02-24-morning", "2027-02-24-afternoon"],
            minutes=375,
            is_training=training,
            action_nature="Action de formation",
            issued_at=NOW,
        )
        for number, seat in enumerate(seats, start=1)
    ]


def made(name: str, count: int) -> bytes:
    """Return one of the papers for so many people."""
    day = a_day()
    seats = people(day, count)
    said = wording()
    kinds: dict[str, Callable[[], bytes]] = {
        "certificates": lambda: papers.certificates_pdf(
            certificates(day, seats, training=False), wording=said, declaration=""
        ),
        "training": lambda: papers.certificates_pdf(
            certificates(day, seats, training=True), wording=said, declaration=DECLARATION
        ),
        "sheet": lambda: papers.sheet_pdf(
            day, seats, halves=queries.half_days(day), blanks=8, wording=said, declaration=DECLARATION, now=NOW
        ),
        **{f"badges-{shape}": partial(_badges, day, seats, shape) for shape in BadgeFormat},
        "convocations": lambda: papers.convocations_pdf(day, seats, wording=said, declaration="", now=NOW),
        "programme": lambda: papers.programme_pdf(day, now=NOW),
        "agreements": lambda: papers.agreements_pdf(
            day,
            [(seat.order_line.order, [seat]) for seat in seats],
            minutes=375,
            nature="Action de formation",
            wording=said,
            declaration=DECLARATION,
            now=NOW,
        ),
    }
    return kinds[name]()


def _badges(day: StudyDay, seats: Sequence[Registration], shape: BadgeFormat) -> bytes:
    return papers.badges_pdf(day, seats, shape=shape, with_code=True, now=NOW)
