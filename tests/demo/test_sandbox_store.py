"""Objects kept in memory and in the state file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eventsapp.demo.sandbox.store import StateFileError, Store


def make_thing(thing_id: str = "pi_1", kind: str = "payment_intent", **fields: object) -> dict[str, object]:
    return {"id": thing_id, "object": kind} | fields


def test_an_object_is_found_by_kind_and_id() -> None:
    store = Store()
    store.put(make_thing())

    assert store.find("payment_intent", "pi_1") == make_thing()
    assert store.find("charge", "pi_1") is None
    assert store.find("payment_intent", "pi_2") is None


def test_what_is_handed_out_is_a_copy() -> None:
    store = Store()
    thing = make_thing(metadata={"a": "1"})
    store.put(thing)
    thing["metadata"] = {}
    found = store.find("payment_intent", "pi_1")
    assert found
    found["metadata"]["a"] = "2"

    assert store.newest_first("payment_intent") == [make_thing(metadata={"a": "1"})]


def test_the_latest_comes_first_and_a_change_does_not_move_it() -> None:
    store = Store()
    for rank in range(3):
        store.put(make_thing(f"pi_{rank}"))
    store.put(make_thing("pi_0", amount=1))

    assert store.ids_newest_first("payment_intent") == ["pi_2", "pi_1", "pi_0"]
    assert [thing["id"] for thing in store.newest_first("payment_intent")] == ["pi_2", "pi_1", "pi_0"]


@pytest.mark.parametrize("in_file", [False, True])
def test_a_transaction_that_fails_keeps_nothing(tmp_path: Path, in_file: bool) -> None:
    path = tmp_path / "state" if in_file else None
    store = Store(path)
    store.put(make_thing(amount=1))

    def fail_midway() -> None:
        with store.transaction():
            store.put(make_thing(amount=2))
            with store.transaction():
                store.put(make_thing("pi_2"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    store.put(make_thing("pi_3"))

    assert store.newest_first("payment_intent") == [make_thing("pi_3"), make_thing(amount=1)]
    store.close()
    if path:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT id FROM things ORDER BY rank").fetchall() == [("pi_1",), ("pi_3",)]


def test_the_file_brings_everything_back_in_order(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    for rank in range(3):
        store.put(make_thing(f"pi_{rank}", name="été"))
    store.put(make_thing("pi_0", name="hiver"))
    before = store.newest_first("payment_intent")
    store.close()

    again = Store(tmp_path / "state")

    assert again.newest_first("payment_intent") == before
    again.close()


def test_clearing_empties_the_file_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    store.put(make_thing())
    store.clear()
    store.close()

    again = Store(tmp_path / "state")

    assert again.newest_first("payment_intent") == []
    again.close()


def test_a_second_sandbox_cannot_use_the_same_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")

    with pytest.raises(StateFileError, match="locked"):
        Store(tmp_path / "state")

    store.close()


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("Chère Madame, " * 100)

    with pytest.raises(StateFileError, match="not a database"):
        Store(tmp_path / "state")

    assert (tmp_path / "state").read_text().startswith("Chère Madame")
