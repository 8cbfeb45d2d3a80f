"""Whom pasted lines name, and what a domain is."""

import pytest

from eventsapp.subscriptions import rules
from eventsapp.subscriptions.errors import PublicDomain
from eventsapp.subscriptions.statuses import MemberState
from eventsapp.subscriptions.values import Invitee


@pytest.mark.parametrize(
    ("pasted", "people"),
    [
        ("Anne@Ville.FR", [("anne@ville.fr", "")]),
        ("Anne Dubois <anne@ville.fr>", [("anne@ville.fr", "Anne Dubois")]),
        ('"Anne Dubois" < anne@ville.fr >', [("anne@ville.fr", "Anne Dubois")]),
        ("mailto:anne@ville.fr", [("anne@ville.fr", "")]),
        ("a@ville.fr, b@ville.fr;c@ville.fr;", [("a@ville.fr", ""), ("b@ville.fr", ""), ("c@ville.fr", "")]),
        ('"Dubois, Anne" <anne@ville.fr>; b@ville.fr', [("anne@ville.fr", "Anne Dubois"), ("b@ville.fr", "")]),
        (
            "a@ville.fr\tb@ville.fr\t\tAnne <c@ville.fr>",
            [("a@ville.fr", ""), ("b@ville.fr", ""), ("c@ville.fr", "Anne")],
        ),
        ("Martin\tJean\tJ.Martin@ville.fr\t", [("j.martin@ville.fr", "Jean Martin")]),
        ("Jean\tMartin\tjean.martin@ville.fr", [("jean.martin@ville.fr", "Jean Martin")]),
        ("jean.martin@ville.fr\tMartin", [("jean.martin@ville.fr", "Martin")]),
        ("a@ville.fr\r\n\r\n  a@ville.fr  \n", [("a@ville.fr", "")]),
        # A name that a mail program would turn into a link is left out: it travels to somebody who did not ask.
        ("Gagnez sur www.exemple.com <a@ville.fr>", [("a@ville.fr", "")]),
    ],
)
def test_lines_name_people_as_mail_programs_write_them(pasted: str, people: list[tuple[str, str]]) -> None:
    assert rules.read_invitees(pasted) == ([Invitee(email=email, name=name) for email, name in people], [])


@pytest.mark.parametrize("wrong", ["anne", "anne@", "@ville.fr", "anne@ville", "a b@ville.fr", "a@ville.fr b@ville.fr"])
def test_what_is_no_address_is_told_with_its_line_and_the_others_are_read(wrong: str) -> None:
    people, problems = rules.read_invitees(f"un@ville.fr\n{wrong}\ndeux@ville.fr")

    assert [person.email for person in people] == ["un@ville.fr", "deux@ville.fr"]
    assert problems == [f"Ligne 2 : « {wrong} » n’est pas une adresse complète."]


def test_a_quote_that_is_never_closed_takes_no_other_address_with_it() -> None:
    people, problems = rules.read_invitees('un@ville.fr, "Anne, deux@ville.fr\n"trois@ville.fr')

    assert [person.email for person in people] == ["un@ville.fr", "deux@ville.fr"]
    assert problems == [
        'Ligne 1 : « "Anne » n’est pas une adresse complète.',
        'Ligne 2 : « "trois@ville.fr » n’est pas une adresse complète.',
    ]


@pytest.mark.parametrize("domain", ["gmail.com", "orange.fr", "laposte.net", "wanadoo.fr", "outlook.fr"])
def test_a_domain_of_everybodys_says_nothing(domain: str) -> None:
    with pytest.raises(PublicDomain):
        rules.require_own_domain(rules.domain_of(f"Anne@{domain.upper()}"))


def test_a_domain_of_an_institution_is_taken() -> None:
    rules.require_own_domain(rules.domain_of("anne@ville.fr"))


def test_who_was_taken_off_is_gone_whether_they_read_or_not() -> None:
    states = [
        rules.member_state(joined=joined, removed=removed) for removed in (False, True) for joined in (False, True)
    ]

    assert states == [MemberState.INVITED, MemberState.JOINED, MemberState.REMOVED, MemberState.REMOVED]
