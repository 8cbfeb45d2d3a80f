"""The list of who reads under the contract of an institution, for its manager and for the office."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from eventsapp.core import i18n
from eventsapp.core.listing import Column, Kind, Listing, Row, State
from eventsapp.subscriptions.models import ContractSeat, Member
from eventsapp.subscriptions.statuses import MemberState

MEMBER_WORDS = {
    MemberState.INVITED: _l("Invité"),
    MemberState.JOINED: _l("Lecteur"),
    MemberState.REMOVED: _l("Retiré"),
}


def member_list(readership_id: int, *, contract_id: int, name: str = "lecteurs") -> Listing:
    """Return the list of the people of an institution: a row is somebody, and the seat they have of that contract.

    Of what they read it says the last month in which they came, and nothing else.
    """
    both: list[Any] = [Member, ContractSeat]
    here = Member.removed_at.is_(None)
    joined = sa.and_(here, Member.joined_at.is_not(None))
    return Listing(
        name=name,
        title=_l("Lecteurs"),
        statement=(
            sa.select(*both)
            .select_from(Member)
            .outerjoin(
                ContractSeat, sa.and_(ContractSeat.member_id == Member.id, ContractSeat.contract_id == contract_id)
            )
            .where(Member.readership_id == readership_id)
        ),
        states=(
            State("lecteurs", _l("Lecteurs"), where=joined),
            State("invites", _l("Invités"), where=sa.and_(here, Member.joined_at.is_(None))),
            State("jamais-venus", _l("Pas encore venus"), where=sa.and_(joined, Member.last_active_on.is_(None))),
            State("tous", _l("Tous"), where=here),
            State("retires", _l("Retirés"), where=sa.not_(here)),
        ),
        search=(Member.email, Member.name),
        search_hint=_l("Nom, courriel"),
        columns=(
            Column(
                "lecteur",
                _l("Lecteur"),
                lambda row: row.Member.label,
                second=lambda row: row.Member.email if row.Member.name else None,
                second_label=_l("Courriel"),
                sort=Member.email,
            ),
            Column("courriel", _l("Adresse"), lambda row: row.Member.email, only_in_file=True),
            Column("etat", _l("État"), _state, kind=Kind.STATE, tone=_tone),
            Column(
                "invite", _l("Invitation du"), lambda row: row.Member.invited_at, kind=Kind.MOMENT, only_in_file=True
            ),
            Column("arrive", _l("Arrivé le"), lambda row: row.Member.joined_at, kind=Kind.MOMENT, only_in_file=True),
            Column("mois", _l("Dernier mois de lecture"), lambda row: _month(row.Member.last_active_on)),
        ),
        order=(Member.joined_at.asc().nulls_last(), Member.invited_at.asc(), Member.id.asc()),
        empty=_l("Les lecteurs paraîtront ici dès la première invitation."),
    )


def _state(row: Row) -> str:
    """Return where somebody stands, and whether a reader lacks a seat."""
    member: Member = row.Member
    if member.state is MemberState.JOINED and row.ContractSeat is None:
        return str(_l("Sans place"))
    return str(MEMBER_WORDS[member.state])


def _tone(row: Row) -> str | None:
    member: Member = row.Member
    if member.state is not MemberState.JOINED:
        return "wait" if member.state is MemberState.INVITED else None
    return "good" if row.ContractSeat is not None else "bad"


def _month(day: date | None) -> str:
    return i18n.month_year(day) if day else ""
