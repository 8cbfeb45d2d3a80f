"""Decisions about dossiers, on plain values."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.mandats.errors import DossierClosed, IllegalStep, NotReadyForDeposit
from eventsapp.mandats.statuses import NEXT, OPEN, MandatStatus

#: The statuses in words, in the order in which a dossier goes through them.
WORDS = {
    MandatStatus.AWAITED: _l("Bon de commande attendu"),
    MandatStatus.RECEIVED: _l("Bon de commande reçu"),
    MandatStatus.SERVICE_DONE: _l("Service fait"),
    MandatStatus.DEPOSITED: _l("Déposée"),
    MandatStatus.REJECTED: _l("Rejetée"),
    MandatStatus.PAID: _l("Payée"),
}
#: What Chorus Pro takes besides an invoice: characters of a name with its ending, bytes of a file, bytes in all.
ATTACHMENT_NAME = 50
ATTACHMENT_BYTES = 10 * 1024 * 1024
DOSSIER_BYTES = 120 * 1024 * 1024
#: How often a portal is asked before somebody must look, and how long one try keeps others away.
DEPOSIT_TRIES = 5
CLAIM_LASTS = timedelta(minutes=5)
_MISSING = {
    "service_code": _l("Indiquez le code service : cet organisme l’exige."),
    "commitment_number": _l("Indiquez le numéro d’engagement : cet organisme l’exige."),
}


def require_step(before: MandatStatus, after: MandatStatus) -> None:
    """Raise ``IllegalStep`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise _illegal(before, after)


def _illegal(before: MandatStatus, after: MandatStatus) -> IllegalStep:
    return IllegalStep(
        _(
            "Un dossier à l’étape « %(before)s » ne peut pas passer à « %(after)s ».",
            before=WORDS[before],
            after=WORDS[after],
        )
    )


def require_undoable(before: MandatStatus, *, invoiced_by_it: bool) -> None:
    """Raise ``IllegalStep`` unless the service noted as done may be taken back: its invoice, if any, is older."""
    if before is not MandatStatus.SERVICE_DONE:
        raise _illegal(before, MandatStatus.RECEIVED)
    if invoiced_by_it:
        raise IllegalStep(
            _("La facture est partie avec cette étape : faites-en d’abord l’avoir, puis revenez en arrière.")
        )


def before_payment(*, deposited: bool, rejected: bool, service_done: bool, received: bool) -> MandatStatus:
    """Return where a dossier stood before it was paid, by what is written in it: a step that may be paid (``NEXT``)."""
    if deposited:
        before = MandatStatus.REJECTED if rejected else MandatStatus.DEPOSITED
    elif service_done:
        before = MandatStatus.SERVICE_DONE
    else:
        before = MandatStatus.RECEIVED if received else MandatStatus.AWAITED
    require_step(before, MandatStatus.PAID)
    return before


def before_deposit(*, service_done: bool, received: bool) -> MandatStatus:
    """Return where a dossier stood before its invoice was deposited, by what is written in it."""
    if service_done:
        return MandatStatus.SERVICE_DONE
    return MandatStatus.RECEIVED if received else MandatStatus.AWAITED


def require_open(status: MandatStatus) -> None:
    """Raise ``DossierClosed`` once the invoice is deposited or paid."""
    if status not in OPEN:
        raise DossierClosed("La facture est déjà déposée : ces références ne se changent plus ; écrivez-nous.")


def missing_codes(required: frozenset[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return field → what to do, for what the body requires and nobody gave."""
    return {name: str(_MISSING[name]) for name in sorted(required) if not given.get(name, "").strip()}


def require_ready(required: frozenset[str], given: Mapping[str, str], *, invoiced: bool) -> None:
    """Raise ``NotReadyForDeposit`` for what the portal would reject at once."""
    missing = missing_codes(required, given)
    if missing:
        raise NotReadyForDeposit(
            " ".join(missing.values()), errors={f"/{name}": text for name, text in missing.items()}
        )
    if not invoiced:
        raise NotReadyForDeposit("Il n’y a pas de facture valide à déposer.")


def attachment_name(name: str) -> str:
    """Return a file's name as the portal takes it: cut before its ending."""
    if len(name) <= ATTACHMENT_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    end = f"{dot}{ending}" if stem and len(ending) < ATTACHMENT_NAME // 2 else ""
    return name[: ATTACHMENT_NAME - len(end)].rstrip(" .") + end


def portal_problems(
    required: frozenset[str], given: Mapping[str, str], attachments: Mapping[str, int], *, paper_bytes: int
) -> list[str]:
    """Return in sentences what the portal would refuse; ``attachments`` are name and bytes, beside the invoice itself.

    A name that is too long is none of it: the file is given under one that fits.
    """
    problems = list(missing_codes(required, given).values())
    problems += [
        _("« %(name)s » pèse plus de 10 Mo : Chorus Pro ne le prend pas. Demandez-en un plus léger.", name=name)
        for name, size in attachments.items()
        if size > ATTACHMENT_BYTES
    ]
    if paper_bytes + sum(attachments.values()) > DOSSIER_BYTES:
        problems.append(_("Facture et pièces pèsent plus de 120 Mo : Chorus Pro ne les prend pas."))
    return problems


def next_try(now: datetime, *, attempts: int) -> datetime:
    """Return when a portal that said nothing is asked again: after 2, 8, 32 and 128 minutes."""
    return now + timedelta(minutes=2 * 4 ** (attempts - 1))
