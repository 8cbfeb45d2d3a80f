"""Addresses that a phone opens from a paper."""

from eventsapp.papers import qr


def test_a_code_is_drawn_with_its_three_marks() -> None:
    drawn = qr.svg("https://lettre.example/abonnements/offert/secret/")

    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    # The corner that every code begins with.
    assert all(f"M{x} 0h1v1h-1z" in drawn for x in range(7))
    assert "M7 0h1v1h-1z" not in drawn
