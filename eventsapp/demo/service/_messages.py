"""Messages of the office: one that left after the last day, and one that is still being written about the next."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.demo import queries
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.mailings import service as mailings
from eventsapp.mailings.values import Audience, Draft

#: When the message about the last day leaves, after it; when the other one was begun, before today.
_AFTERWARDS, _BEGUN = timedelta(days=2), timedelta(hours=3)
_THANKS = Draft(
    subject="Merci de votre participation à {ville} : les documents sont en ligne",
    body=(
        "Bonjour {prenom} {nom},\n\nMerci d’avoir passé cette journée avec nous. **Les présentations** des "
        "intervenants sont en ligne sur la page de la journée, et votre attestation sur [votre page]({lien}).\n\n"
        "Le compte rendu paraît dans le prochain numéro."
    ),
    reply_to="",
    audience=Audience(),
)
_ROOM = Draft(
    subject="{ville} : l’accueil ouvre plus tôt",
    body=(
        "Bonjour {prenom} {nom},\n\nL’accueil ouvrira **un quart d’heure plus tôt**. Venez si possible en transports : "
        "le parking est en travaux.\n\nÀ bientôt à {ville}."
    ),
    reply_to="",
    audience=Audience(),
)


def load_messages(*, now: datetime) -> int:
    """Write to those who came to the last day, and begin a message to those who come to the next; return how many."""
    with writing():
        over, coming = queries.days_around(now)
        if over is None or coming is None or queries.has_mailing(_THANKS.subject):
            return 0
        by = actor(RoleName.ORGANISER)
        left_at = over.ends_at + _AFTERWARDS
        sent = mailings.create(_to(_THANKS, over.id), actor=by, now=left_at)
        count = mailings.audience_of(sent.audience, now=left_at).count
        mailings.plan(sent.id, expected=count, version=sent.version, actor=by, now=left_at)
        mailings.create(_to(_ROOM, coming.id), actor=by, now=now - _BEGUN)
    mailings.send_due(clock=lambda: left_at + timedelta(minutes=2))
    with writing():
        # What was just written is kept, and goes nowhere.
        return 2


def _to(draft: Draft, day_id: int) -> Draft:
    return Draft(subject=draft.subject, body=draft.body, reply_to=draft.reply_to, audience=Audience(days=(day_id,)))
