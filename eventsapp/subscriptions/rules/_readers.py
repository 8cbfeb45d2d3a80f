"""Decisions about the readers of institutions, on plain values."""

import re
from datetime import timedelta

from flask_babel import gettext as _

from eventsapp.core import texts
from eventsapp.subscriptions.errors import PublicDomain
from eventsapp.subscriptions.statuses import MemberState
from eventsapp.subscriptions.values import Invitee

#: How often one person is invited to read at most, the first time included.
MOST_INVITATIONS = 5
#: How often one person is invited within a day at most, taken off in between or not.
INVITED_A_DAY = 3
#: How long a choice of who stays may be mended before those are told whom it leaves out.
CHOICE_SETTLES = timedelta(days=1)
#: How long an invitation to read holds; it is forgotten as long after.
INVITATION_LASTS = timedelta(days=60)
#: How long whom a manager took off may be put back; then they are forgotten.
KEPT_REMOVED = timedelta(days=60)
#: How long after the end of the last contract who read, and who managed, is kept.
KEPT_READERS = timedelta(days=3 * 365)
#: Days before the end of their seat at which those are told who keep none.
ENDS_NOTICE = 7
#: Days after it for which a mail that is missing is still sent.
TELL_WITHIN = 30
#: Addresses that may be given at once.
MOST_AT_ONCE = 200
#: Guesses at the code of a domain, and how long it holds.
MOST_WRONG_CODES = 5
DOMAIN_CODE_LASTS = timedelta(hours=1)
_PUBLIC_DOMAINS = """
aliceadsl.fr aol.com bbox.fr bluewin.ch club-internet.fr duck.com fastmail.com free.fr gmail.com gmx.com gmx.fr
googlemail.com hotmail.com hotmail.fr hushmail.com icloud.com laposte.net libertysurf.fr live.com live.fr mac.com
mail.com mail.ru mailo.com me.com msn.com neuf.fr noos.fr numericable.fr orange.fr outlook.com outlook.fr pm.me
proton.me protonmail.com sfr.fr skynet.be tiscali.fr tutanota.com voila.fr wanadoo.fr yahoo.com yahoo.fr yandex.com
ymail.com zoho.com
"""
#: Domains where anybody may have an address.
PUBLIC_DOMAINS = frozenset(_PUBLIC_DOMAINS.split())
#: What stands between commas, semicolons and tabs; a name in quotes may have some of its own.
_PIECES = re.compile(r'(?:"[^"\t]*"|[^;,\t])+')
_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?P<email>[^<>\s]+)\s*>\Z")


def member_state(*, joined: bool, removed: bool) -> MemberState:
    """Return where somebody stands whom an institution lets read."""
    if removed:
        return MemberState.REMOVED
    return MemberState.JOINED if joined else MemberState.INVITED


def most_invitations(readers: int) -> int:
    """Return how many invitations without an answer an institution may have: more than seats, as some never answer."""
    return 3 * readers + 20


def most_invitations_a_day(readers: int) -> int:
    """Return how many mails an institution has sent within a day at most: everybody invited, and once more."""
    return 2 * max(readers, MOST_AT_ONCE)


def read_invitees(text: str) -> tuple[list[Invitee], list[str]]:
    """Return whom the lines of ``text`` name, each once, and what is wrong, line by line.

    One address a line, or several between commas, semicolons or tabs; « Prénom Nom <nom@ville.fr> » as mail programs
    have it, and « "Nom, Prénom" <nom@ville.fr> ». The columns of a sheet « Nom⇥Prénom⇥adresse » are one person.
    """
    found: dict[str, Invitee] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if row := _row_of_sheet(line):
            found.setdefault(row.email, row)
            continue
        for piece in _PIECES.findall(line):
            written = texts.one_line(piece)
            if not written:
                continue
            named = _NAMED.match(written)
            email = (named["email"] if named else written).lower().removeprefix("mailto:")
            if not texts.is_mail_address(email):
                problems.append(
                    str(_("Ligne %(line)d : « %(text)s » n’est pas une adresse complète.", line=number, text=written))
                )
                continue
            found.setdefault(email, Invitee.called(email, named["name"] if named else ""))
    return list(found.values()), problems


def _row_of_sheet(line: str) -> Invitee | None:
    """Return whom a row names that has one address and beside it nothing but the columns of a name."""
    cells = [cell for cell in map(texts.one_line, line.split("\t")) if cell]
    names = [cell for cell in cells if "@" not in cell]
    email = next((cell.lower().removeprefix("mailto:") for cell in cells if "@" in cell), "")
    if not texts.is_mail_address(email) or not 1 <= len(names) <= 2 or len(cells) != len(names) + 1:
        return None
    # Sheets put the surname first, as lists are sorted by it, unless the address says otherwise.
    is_first = names[0].lower() == email.partition("@")[0].partition(".")[0]
    return Invitee.called(email, " ".join(names if is_first else reversed(names)))


def domain_of(email: str) -> str:
    """Return the domain of an address, lower case."""
    return email.strip().lower().rpartition("@")[2]


def require_own_domain(domain: str) -> None:
    """Raise ``PublicDomain`` for a domain where anybody may have an address."""
    if domain in PUBLIC_DOMAINS:
        raise PublicDomain(
            _("Chacun peut avoir une adresse en @%(domain)s : donnez une adresse de votre organisme.", domain=domain)
        )
