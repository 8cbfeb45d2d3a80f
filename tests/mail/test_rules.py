"""What the answers of mail servers mean for an address."""

import pytest

from eventsapp.mail import rules


@pytest.mark.parametrize(
    ("code", "answer", "dead"),
    [
        (550, "No such user", True),
        (550, "5.1.1 No such user", True),
        (551, "User not local", True),
        (553, "Mailbox name not allowed", True),
        (554, "5.2.1 Mailbox disabled", True),
        (550, "5.7.1 Relaying denied", False),
        (550, "5.7.1 Message contains 5.1.1", False),
        (552, "5.2.2 Mailbox full", False),
        (554, "Rejected", False),
        (552, "Message too big", False),
        (450, "4.1.1 Try later", False),
        (450, "5.1.1 an odd server", False),
    ],
)
def test_only_what_speaks_of_the_mailbox_counts_against_it(code: int, answer: str, dead: bool) -> None:
    assert rules.is_dead_address(code, answer) is dead


def test_a_text_reads_well_without_markup() -> None:
    assert rules.plain("## Venir\n\n**Le 3**, [ma page]({lien}).") == "Venir\n\nLe 3, ma page ({lien})."
