"""Keeping files and letting them go."""

import hashlib
import io
import os
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import pictures, service, storage
from eventsapp.files.errors import FileRefused
from eventsapp.files.models import StoredFile
from tests.files.test_rules import PDF
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def test_a_file_lies_under_a_random_key_with_what_is_known_of_it() -> None:
    file = service.store(PDF, name="plan.pdf", now=NOW)

    assert storage.path_of(file.key).read_bytes() == PDF
    assert (file.content_type, file.size, file.name) == ("application/pdf", len(PDF), "plan.pdf")
    assert len(file.key) == 32


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        service.store(b"<html>", name="plan.pdf", now=NOW)

    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0


def test_a_picture_that_was_put_aside_is_final_and_taken_up_as_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(drawn, "JPEG")
    aside = service.put_aside(drawn.getvalue(), name="carte.jpg")
    lies = storage.path_of(aside.partition("/")[0])
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(lies, (long_ago, long_ago))
    monkeypatch.setattr(pictures, "drawn_anew", _never)

    with unit_of_work.transaction():
        first, second = (service.take_up(aside, now=NOW) for _ in range(2))
        # However long the form was open, what it has now is not forgotten before it is committed.
        service.delete_forgotten()

    first_key = first.key
    for file in (first, second):
        data = storage.path_of(file.key).read_bytes()
        assert data == lies.read_bytes()
        assert (file.width, file.height) == (2000, 1000)
        assert (file.content_type, file.size, file.name) == ("image/jpeg", len(data), "carte.jpg")
        assert file.sha256 == hashlib.sha256(data).hexdigest()
    with unit_of_work.transaction():
        service.delete(first)
    assert not storage.path_of(first_key).exists()
    assert storage.path_of(second.key).exists()


def test_what_was_put_aside_is_kept_where_a_file_has_one_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    aside = service.put_aside(PDF, name="plan.pdf")

    assert storage.path_of(service.take_up(aside, now=NOW).key).read_bytes() == PDF


def test_what_was_put_aside_and_is_gone_is_said() -> None:
    aside = service.put_aside(PDF, name="plan.pdf")
    storage.delete(aside.partition("/")[0])

    with pytest.raises(FileRefused, match="n’est plus gardé"):
        service.take_up(aside, now=NOW)


def _never(*_args: object, **_named: object) -> None:
    raise AssertionError


def test_a_portrait_must_be_a_picture() -> None:
    with pytest.raises(FileRefused, match="photographie"):
        service.store_portrait(PDF, name="moi.jpg", now=NOW)


def test_the_bytes_go_once_the_row_is_gone_for_good() -> None:
    with unit_of_work.transaction():
        key = service.store(PDF, name="plan.pdf", now=NOW).key
    with pytest.raises(ZeroDivisionError):
        _delete_and_fail()
    assert storage.path_of(key).exists()

    with unit_of_work.transaction():
        service.delete(db.session.scalars(sa.select(StoredFile)).one())

    assert not storage.path_of(key).exists()


def _delete_and_fail() -> None:
    with unit_of_work.transaction():
        service.delete(db.session.scalars(sa.select(StoredFile)).one())
        1 / 0  # noqa: B018 - something fails before the commit


def test_bytes_that_no_row_names_are_tidied_away_a_day_later() -> None:
    with unit_of_work.transaction():
        kept = service.store(PDF, name="plan.pdf", now=NOW).key
    for key in ("ab-forgotten", "cd-fresh"):
        storage.write(key, PDF)
    long_ago = time.time() - 2 * 24 * 3600
    for key in (kept, "ab-forgotten"):
        os.utime(storage.path_of(key), (long_ago, long_ago))

    service.delete_forgotten()

    assert storage.path_of(kept).exists()
    assert storage.path_of("cd-fresh").exists()
    assert not storage.path_of("ab-forgotten").exists()


def test_a_full_disk_leaves_no_half_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        storage.write("ef-half", PDF)

    assert not list(storage.path_of("ef-half").parent.glob("ef-half*"))
