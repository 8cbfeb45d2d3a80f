"""What a token looks like."""

import re

from eventsapp.api import rules


def test_a_token_is_marked_as_ours_and_holds_256_random_bits() -> None:
    tokens = {rules.new_token() for _ in range(50)}

    assert len(tokens) == 50
    assert all(re.fullmatch(r"evapp_[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_the_fingerprint_of_a_token_does_not_hold_it() -> None:
    token = rules.new_token()

    assert re.fullmatch(r"[0-9a-f]{64}", rules.fingerprint(token))
    assert token not in rules.fingerprint(token)


def test_anything_has_a_fingerprint() -> None:
    assert len({rules.fingerprint(text) for text in ("", "é", "\ud800", "a" * 10_000)}) == 4
