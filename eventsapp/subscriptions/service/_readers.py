"""Who reads for an institution: invited, arrived, taken off, put back, kept in a smaller contract."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts import service as accounts
from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import references
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, NotFound
from eventsapp.mail import queries as mail_queries
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import InvitationOver, NotNow
from eventsapp.subscriptions.models import Contract, ContractSeat, Member
from eventsapp.subscriptions.service import _ends, _seats
from eventsapp.subscriptions.statuses import MemberState
from eventsapp.subscriptions.values import Invitee


def invite(
    readership_id: int, text: str, *, by: str, locale: str, now: datetime, actor: User | None = None
) -> tuple[int, int]:
    """Invite everybody whom the lines of ``text`` name; return how many, and how many needed none.

    All or nobody: raises ``Invalid`` with what is wrong line by line, before anybody is written to. Who reads already
    or was invited already is left alone.
    """
    invitees, problems = rules.read_invitees(text)
    if not invitees and not problems:
        problems = [str(_("Collez au moins une adresse."))]
    if len(invitees) > rules.MOST_AT_ONCE:
        problems.append(str(_("Pas plus de %(max)d adresses à la fois.", max=rules.MOST_AT_ONCE)))
    contract = _seats.held(readership_id, now=now)[0]
    known = queries.members_with(readership_id, [person.email for person in invitees])
    new = [
        person
        for person in invitees
        if person.email not in known
        or known[person.email].state is MemberState.REMOVED
        or _is_too_old(known[person.email], now=now)
    ]
    room = rules.most_invitations(contract.readers) - queries.invitations(readership_id)
    # Whose invitation is too old is among the invited already.
    more = [person for person in new if person.email not in known or not _is_too_old(known[person.email], now=now)]
    if len(more) > room and not problems:
        problems.append(
            str(_("Trop d’invitations attendent une réponse : retirez-en, ou attendez que des lecteurs arrivent."))
        )
    problems += _too_often([person.email for person in new], now=now)
    problems += _too_many(readership_id, contract, len(new), now=now)
    if problems:
        raise Invalid(
            _("Rien n’est envoyé : corrigez ces lignes."), errors={f"/{n}": p for n, p in enumerate(problems)}
        )
    for person in new:
        _invite(readership_id, person, known.get(person.email), contract, by=by, locale=locale, now=now)
    if new:
        changes = {"emails": [person.email for person in new]}
        audit.record("readers.invite", subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    return len(new), len(invitees) - len(new)


def invite_one(readership_id: int, email: str, *, by: str, locale: str, now: datetime) -> None:
    """Send an invitation to somebody who asked for it by the link of a domain.

    What comes of it tells nobody who is on the list: who reads already is told how, who kept no seat that there is
    none, who was taken off gets nothing. Raises ``SeatsTaken`` and ``NotNow``.
    """
    contract = _seats.held(readership_id, now=now)[0]
    # Before it is looked who is on the list: full or not, the answer is the same for everybody.
    _seats.require_room(contract)
    if queries.invitations(readership_id) >= rules.most_invitations(contract.readers):
        raise NotNow("Trop d’invitations attendent une réponse : voyez avec qui gère l’abonnement.")
    known = queries.member_with(readership_id, email)
    if known is not None and known.state is MemberState.JOINED:
        tell = mails.reader_joined if known.id in queries.seats_of(contract.id) else mails.reader_removed
        tell(contract, known, now=now)
    elif known is None or (known.state is MemberState.INVITED and known.sends < rules.MOST_INVITATIONS):
        _invite(readership_id, Invitee(email=email), known, contract, by=by, locale=locale, now=now)


def resend(readership_id: int, member_id: int, *, by: str, now: datetime, actor: User | None = None) -> Member:
    """Send an invitation once more, under a new link. Raises ``NotFound`` and ``NotNow``."""
    contract = _seats.held(readership_id, now=now)[0]
    member = _member(readership_id, member_id)
    if member.state is not MemberState.INVITED:
        raise NotNow("Cette personne a déjà répondu, ou a été retirée : il n’y a pas d’invitation à renvoyer.")
    if member.sends >= rules.MOST_INVITATIONS:
        raise NotNow("Cette invitation est partie cinq fois : voyez avec la personne.")
    if problems := _too_many(readership_id, contract, 1, now=now):
        raise NotNow(problems[0])
    _send(member, contract, by=by, now=now)
    changes = {"email": member.email}
    audit.record("readers.invite", subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    return member


def accept(secret: str, *, now: datetime) -> tuple[Member, User]:
    """Let whoever was invited read, by the link of the invitation, which holds once; return them and who signs in.

    Raises ``InvitationOver``, ``NotNow`` and ``SeatsTaken``; after the last the invitation still holds.
    """
    found = queries.member_for_link(secret)
    if found is None:
        raise _over()
    contracts = _seats.held(found.readership_id, now=now)
    member = _member(found.readership_id, found.id)
    if not references.same_secret(secret, member.secret) or _is_over(member, now=now):
        raise _over()
    user = _join(member, contracts, now=now)
    return member, user


def join(readership_id: int, email: str, *, locale: str, now: datetime) -> Member:
    """Let somebody read whose address is verified and of a domain of the institution.

    Raises ``NotNow`` and ``SeatsTaken``.
    """
    contracts = _seats.held(readership_id, now=now)
    member = queries.member_with(readership_id, email)
    if member is None:
        member = Member(readership_id=readership_id, email=email.strip().lower(), locale=locale)
        db.session.add(member)
        db.session.flush()
    elif member.state is MemberState.JOINED:
        if member.id not in queries.seats_of(contracts[0].id):
            raise NotNow("Vous n’avez plus de place dans l’abonnement : voyez avec qui le gère.")
        return member
    elif member.state is MemberState.REMOVED:
        raise NotNow("Qui gère l’abonnement vous en a retiré : demandez-lui une invitation.")
    _join(member, contracts, now=now)
    return member


def remove(readership_id: int, member_id: int, *, by: str, now: datetime, actor: User | None = None) -> Member:
    """Take somebody off, or an invitation back: the seat is free and the reading over at once; ``restore`` undoes it.

    Raises ``NotFound`` and ``NotNow``.
    """
    contracts = queries.held_contracts(readership_id)
    member = _member(readership_id, member_id)
    if member.state is MemberState.REMOVED:
        raise NotNow("C’est déjà fait.")
    read = member.state is MemberState.JOINED
    _seats.unseat(member, contracts)
    member.removed_at = now
    contract = _named_after(readership_id)
    action = "readers.remove" if read else "readers.withdraw"
    changes = {"email": member.email}
    audit.record(action, subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    if read:
        mails.reader_removed(contract, member, now=now)
    return member


def restore(readership_id: int, member_id: int, *, by: str, now: datetime, actor: User | None = None) -> Member:
    """Put back whom somebody took off, with a seat; raises ``SeatsTaken`` when there is none left, and ``NotNow``."""
    contracts = _seats.held(readership_id, now=now)
    member = _member(readership_id, member_id)
    if member.state is not MemberState.REMOVED or member.joined_at is None:
        raise NotNow("Cette personne n’a pas été retirée.")
    # The seat first: where there is none left, nothing is written.
    _seats.seat(member, contracts)
    member.removed_at = None
    changes = {"email": member.email}
    audit.record("readers.restore", subject=_seats.subject(contracts[0]), now=now, actor=actor, by=by, changes=changes)
    mails.reader_joined(contracts[0], member, now=now)
    return member


def choose(
    readership_id: int,
    contract_id: int,
    member_ids: Collection[int],
    *,
    by: str,
    now: datetime,
    actor: User | None = None,
) -> Contract:
    """Say who has the seats of a contract that is smaller than the one before.

    The others are told at once where that closes their reading today, else a day later, unless they are chosen by then.

    Raises ``Invalid`` for more people than seats, ``NotFound`` and ``NotNow``.
    """
    contracts = {row.id: row for row in _seats.held(readership_id, now=now)}
    contract = contracts.get(contract_id)
    if contract is None:
        raise NotFound("Cet abonnement n’est pas là.")
    chosen = [row for row in queries.joined_members(readership_id) if row.id in set(member_ids)]
    if not chosen or len(chosen) > contract.readers:
        told = _("Cochez de une à %(num)d personnes.", num=contract.readers)
        raise Invalid(told, errors={"/members": told})
    before = queries.seats_of(contract.id).keys()
    _seats.reseat(contract, chosen)
    contract.readers_chosen_at = now
    audit.record(
        "readers.choose",
        subject=_seats.subject(contract),
        now=now,
        actor=actor,
        by=by,
        changes={"emails": [row.email for row in chosen]},
    )
    db.session.flush()
    _tell_kept(contract, [row for row in chosen if row.id not in before], now=now)
    _ends.tell_now(contract, before - {row.id for row in chosen}, now=now)
    return contract


def _invite(
    readership_id: int,
    person: Invitee,
    known: Member | None,
    contract: Contract,
    *,
    by: str,
    locale: str,
    now: datetime,
) -> None:
    if known is None:
        known = Member(readership_id=readership_id, email=person.email, sends=0)
        db.session.add(known)
    elif known.state is MemberState.REMOVED:
        known.joined_at = known.removed_at = None
        known.sends = 0
    elif known.sends >= rules.MOST_INVITATIONS:
        known.sends = 0
    known.name = person.name or known.name or ""
    known.locale = locale
    db.session.flush()
    _send(known, contract, by=by, now=now)


def _too_often(emails: Sequence[str], *, now: datetime) -> list[str]:
    """Return which of these were invited often enough today, taken off in between or not: no mailbox is filled."""
    written = mail_queries.written_among(emails, mails.INVITED, since=now - timedelta(days=1))
    return [
        str(_("%(email)s a reçu trois invitations en un jour : attendez demain.", email=email))
        for email in emails
        if written.get(email, 0) >= rules.INVITED_A_DAY
    ]


def _too_many(readership_id: int, contract: Contract, count: int, *, now: datetime) -> list[str]:
    """Return what stands against so many invitations more of an institution today."""
    begun = [row.id for row in queries.begun_of(readership_id)]
    written = mail_queries.written_about("contract", begun, mails.INVITED, since=now - timedelta(days=1))
    if not count or written + count <= rules.most_invitations_a_day(contract.readers):
        return []
    return [str(_("Beaucoup d’invitations sont parties depuis hier : attendez demain."))]


def _send(member: Member, contract: Contract, *, by: str, now: datetime) -> None:
    member.secret = references.new_secret()
    member.invited_at = now
    member.sends += 1
    mails.reader_invited(contract, member, by=by, now=now)


def _join(member: Member, contracts: Sequence[Contract], *, now: datetime) -> User:
    # The seat first: where there is none left, nothing is written.
    _seats.seat(member, contracts)
    user = accounts.ensure_reader(email=member.email, now=now)
    member.joined_at = now
    audit.record("readers.join", subject=_seats.subject(contracts[0]), now=now, by=member.email)
    mails.reader_joined(contracts[0], member, now=now)
    return user


def _tell_kept(contract: Contract, members: Sequence[Member], *, now: datetime) -> None:
    """Tell those who have a seat now that they have it, and forget that they were told otherwise."""
    keys = [member.id for member in members]
    if contract.renews_id is not None and keys:
        db.session.execute(
            sa.update(ContractSeat)
            .where(ContractSeat.contract_id == contract.renews_id, ContractSeat.member_id.in_(keys))
            .values(told_at=None)
        )
    for member in members:
        mails.reader_joined(contract, member, now=now)


def _named_after(readership_id: int) -> Contract:
    """Return the contract whose history tells what is done, whether it stands or is over."""
    begun = queries.begun_of(readership_id)
    if not begun:
        raise NotNow("L’abonnement n’a pas commencé.")
    return begun[0]


def _member(readership_id: int, member_id: int) -> Member:
    found = queries.member(readership_id, member_id)
    if found is None:
        raise NotFound("Cette personne n’est pas sur la liste.")
    return found


def _is_too_old(member: Member, *, now: datetime) -> bool:
    return member.state is MemberState.INVITED and _is_over(member, now=now)


def _is_over(member: Member, *, now: datetime) -> bool:
    return (
        member.state is not MemberState.INVITED
        or member.invited_at is None
        or now - member.invited_at > rules.INVITATION_LASTS
    )


def _over() -> InvitationOver:
    return InvitationOver("Cette invitation a déjà servi, a été retirée ou est trop ancienne : demandez-en une autre.")
