"""The knobs and the faults they make."""

import pytest

from eventsapp.demo.sandbox.knobs import Fault, KnobBoard, KnobError, Knobs


def test_a_turn_changes_only_what_it_names() -> None:
    board = KnobBoard()

    board.turn(double=True, delay_seconds=1)

    assert board.current == Knobs(double=True, delay_seconds=1)


def test_a_reset_returns_to_the_start() -> None:
    board = KnobBoard(Knobs(retry_seconds=0.5))
    board.turn(double=True, retry_seconds=9.0, other_amount=1)

    assert board.reset() == Knobs(retry_seconds=0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"doubble": True},
        {"double": 1},
        {"double": "true"},
        {"fail_next": True},
        {"fail_next": 1.5},
        {"fail_next": -1},
        {"delay_seconds": "1"},
        {"delay_seconds": -0.1},
        {"other_amount": "1"},
        {"fail_status": 200},
        {"fault_path": None},
    ],
    ids=str,
)
def test_a_wrong_turn_is_refused_and_changes_nothing(change: dict[str, object]) -> None:
    board = KnobBoard()

    with pytest.raises(KnobError, match=next(iter(change))):
        board.turn(hold=True, **change)

    assert board.current == Knobs()


def test_a_knob_that_can_be_empty_takes_nothing_back() -> None:
    board = KnobBoard()
    board.turn(other_amount=5)

    assert board.turn(other_amount=None) == Knobs()


def test_faults_are_counted_off() -> None:
    board = KnobBoard(Knobs(fail_next=1, fail_status=503, hang_next=2, hang_seconds=0.5, reset_next=1))

    faults = [board.take_fault("/v1/refunds") for _ in range(3)]

    assert faults == [Fault(hang_seconds=0.5, status=503, reset=True), Fault(hang_seconds=0.5), Fault()]


def test_a_fault_waits_for_the_path_it_is_meant_for() -> None:
    board = KnobBoard(Knobs(fail_next=1, fault_path="refunds"))

    assert board.take_fault("/v1/checkout/sessions") == Fault()
    assert board.take_fault("/v1/refunds") == Fault(status=500)
