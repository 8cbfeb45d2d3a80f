"""Papers for a whole day: made part by part, taken up where they were, gone after some days."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from eventsapp.attendance import papers, queries, service
from eventsapp.attendance.errors import NothingToMake
from eventsapp.attendance.models import Certificate, DayPapers, PaperJob, PaperPart
from eventsapp.attendance.service import _certificates, _jobs, _printing
from eventsapp.attendance.statuses import JobState, PaperKind
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.mail.models import OutgoingMail
from eventsapp.papers.errors import PaperFailed
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.papers.validator import LAST_RESORT, faults, fonts_of
from tests.support.at_once import at_once, committing_app
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of

EVENING = ARRIVAL + timedelta(hours=12)


class PowerCutError(BaseException):
    """What no handler of the sweep sees: the process is gone."""


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def day_of(people: int) -> StudyDay:
    day = make_open_day(people)
    door = make_door()
    for code in codes_of(day):
        scan(day, code, by=door)
    return day


def ask(day: StudyDay, kind: PaperKind, **options: Any) -> PaperJob:
    with unit_of_work.transaction():
        return service.ask(day, kind, options=options, actor=None, now=EVENING)


def job_of(key: int) -> PaperJob:
    db.session.expire_all()
    return db.session.get_one(PaperJob, key)


def files_of(key: int) -> list[bytes]:
    rows = db.session.query(StoredFile).join(PaperPart, PaperPart.file_id == StoredFile.id)
    return [
        storage.path_of(file.key).read_bytes()
        for file in rows.filter(PaperPart.job_id == key).order_by(PaperPart.position)
    ]


def tagged_pages(paper: bytes) -> list[int]:
    """Return of each page in whose order its tags come, as the tree of the tags numbers them."""
    with pikepdf.open(BytesIO(paper)) as read:
        leaves = list(read.Root.StructTreeRoot.ParentTree.Nums)
        numbered = dict(zip(map(int, leaves[::2]), leaves[1::2], strict=True))
        places: dict[Any, int] = {page.objgen: place for place, page in enumerate(read.pages, start=1)}
        told = [{element.Pg.objgen for element in numbered[int(page.StructParents)]} for page in read.pages]
        return [places[objgen] for [objgen] in told]


def mails_sent() -> int:
    return db.session.query(OutgoingMail).filter_by(template="attendance/certificate").count()


@pytest.mark.usefixtures("transaction")
class TestMaking:
    @pytest.mark.parametrize("kind", [kind for kind in PaperKind if kind is not PaperKind.SENDING])
    def test_each_sort_becomes_a_file(self, kind: PaperKind) -> None:
        day = day_of(2)
        key = ask(day, kind).id

        assert service.make_papers(clock=at(EVENING)) == 1

        job = job_of(key)
        assert (job.state, job.done, job.problem) == (JobState.DONE, job.total, "")
        [paper] = files_of(key)
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages)
        assert ("Roux1" in text) is (kind is not PaperKind.PROGRAMME)
        assert service.make_papers(clock=at(EVENING)) == 0

    def test_what_is_being_made_is_not_asked_for_twice_and_may_be_again_afterwards(self) -> None:
        day = day_of(1)

        first, again = ask(day, PaperKind.BADGES).id, ask(day, PaperKind.BADGES).id
        other = ask(day, PaperKind.SHEET).id
        service.make_papers(clock=at(EVENING))

        assert first == again != other
        assert ask(day, PaperKind.BADGES).id not in {first, other}

    def test_for_nobody_there_are_sheets_to_sign_and_no_badges(self) -> None:
        day = make_open_day(0)

        with pytest.raises(NothingToMake):
            ask(day, PaperKind.BADGES)
        key = ask(day, PaperKind.SHEET, blanks=3).id
        service.make_papers(clock=at(EVENING))
        assert job_of(key).state is JobState.DONE

    def test_very_many_are_printed_in_parts_and_bound_in_one_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(_printing.MOST_IN_A_FILE, PaperKind.CERTIFICATES, 2)
        day = day_of(5)
        key = ask(day, PaperKind.CERTIFICATES).id
        service.make_papers(clock=at(EVENING))

        [paper] = files_of(key)
        pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages]
        assert [next(n for n in range(1, 6) if f"Roux{n}" in page) for page in pages] == [1, 2, 3, 4, 5]
        assert (job_of(key).done, db.session.query(Certificate).count()) == (5, 5)
        # Tagged as each part was, and every page is told by its own tags.
        assert faults(paper) == []
        assert tagged_pages(paper) == [1, 2, 3, 4, 5]
        # Of the parts nothing is left.
        assert [row.name for row in db.session.query(StoredFile)] == [f"attestations-{day.slug}.pdf"]
        [part] = db.session.query(PaperPart)
        assert (part.position, part.pages) == (1, 5)

    @pytest.mark.parametrize("step", ["issued", "printed"])
    def test_whose_data_fit_no_paper_holds_up_nobody_else_and_is_named_with_the_reason(
        self, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        day = day_of(5)
        key = ask(day, PaperKind.CERTIFICATES).id
        bad = job_of(key).subjects[2]
        if step == "issued":
            issue = _certificates.issue

            def refuses_one(keys: Collection[int], **values: Any) -> int:
                made = issue(keys, **values)
                if bad in keys:
                    raise ValueError("unfit")
                return made

            monkeypatch.setattr(_printing, "issue", refuses_one)
        else:
            render = papers.certificates_pdf

            def refuses_one_name(certificates: Any, **values: Any) -> bytes:
                if any(one.registration_id == bad for one in certificates):
                    raise PaperFailed("unfit")
                return render(certificates, **values)

            monkeypatch.setattr(papers, "certificates_pdf", refuses_one_name)

        assert service.make_papers(clock=at(EVENING)) == 1

        [paper] = files_of(key)
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages)
        assert [f"Roux{n}" in text for n in range(1, 6)] == [True, True, False, True, True]
        job = job_of(key)
        assert (job.state, job.done, job.failed, job.problem) == (JobState.DONE, 5, [bad], "")
        [(name, reason)] = queries.failed_names([job])[key]
        assert name == "Claude Roux3"
        assert reason.endswith("Error: unfit)") if step == "issued" else reason.endswith("PaperFailed: unfit)")

    @pytest.mark.parametrize(("unheld", "sign"), [("王小明", "王小明"), ("Ꞗơi", "Ꞗ"), ("Zo・e", "・")])
    def test_a_name_that_no_face_holds_is_listed_with_the_reason_and_the_others_have_their_badge(
        self, unheld: str, sign: str
    ) -> None:
        day = day_of(3)
        seat = seats_of(day)[1]
        with unit_of_work.transaction():
            db.session.get_one(Registration, seat.id).first_name = unheld
        key = ask(day, PaperKind.BADGES).id
        bad = seat.id

        assert service.make_papers(clock=at(EVENING)) == 1

        [paper] = files_of(key)
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages)
        assert [f"Roux{n}" in text for n in range(1, 4)] == [True, False, True]
        assert LAST_RESORT not in fonts_of(paper)
        job = job_of(key)
        assert (job.state, job.done, job.failed, job.problem) == (JobState.DONE, 3, [bad], "")
        [(name, reason)] = queries.failed_names([job])[key]
        assert name == f"{unheld} Roux2"
        assert f"({sign})" in reason
        assert reason.endswith("écrivez-le en lettres latines")

    def test_a_part_of_which_nobody_is_fit_holds_up_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(_printing.MOST_IN_A_FILE, PaperKind.BADGES, 2)
        day = day_of(5)
        key = ask(day, PaperKind.BADGES).id
        unfit = job_of(key).subjects[:2]
        render = papers.badges_pdf

        def refuses_two(day: StudyDay, seats: Any, **values: Any) -> bytes:
            if any(seat.id in unfit for seat in seats):
                raise PaperFailed("unfit")
            return render(day, seats, **values)

        monkeypatch.setattr(papers, "badges_pdf", refuses_two)

        assert service.make_papers(clock=at(EVENING)) == 1

        job = job_of(key)
        assert (job.state, job.done, job.failed, job.problem) == (JobState.DONE, 5, unfit, "")
        assert len(files_of(key)) == 1

    def test_what_fails_is_tried_again_and_then_somebody_must_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object, **_named: object) -> bytes:
            raise RuntimeError("no ink")

        monkeypatch.setattr(papers, "badges_pdf", broken)
        day = day_of(1)
        key = ask(day, PaperKind.BADGES).id
        for hour in range(_jobs.MOST_ATTEMPTS):
            assert job_of(key).state is JobState.WAITING
            assert service.make_papers(clock=at(EVENING + timedelta(hours=hour))) == 0

        job = job_of(key)
        assert (job.state, job.problem) == (JobState.FAILED, "RuntimeError: no ink")
        assert ask(day, PaperKind.BADGES).id != key

    def test_old_ones_are_forgotten_with_their_files(self) -> None:
        day = day_of(1)
        key = ask(day, PaperKind.PROGRAMME).id
        service.make_papers(clock=at(EVENING))
        [path] = [storage.path_of(row.key) for row in db.session.query(StoredFile)]
        kept = timedelta(days=queries.wording().keep_days)

        with unit_of_work.transaction():
            assert service.forget_old(now=EVENING + kept) == 0
        with unit_of_work.transaction():
            assert service.forget_old(now=EVENING + kept + timedelta(seconds=1)) == 1
        assert db.session.get(PaperJob, key) is None
        assert db.session.query(StoredFile).count() == 0
        assert not path.exists()


@pytest.mark.usefixtures("transaction")
class TestPowerCuts:
    def test_printing_goes_on_with_the_part_after_the_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(_printing.MOST_IN_A_FILE, PaperKind.BADGES, 1)
        day = day_of(3)
        key = ask(day, PaperKind.BADGES).id
        printed: list[int] = []
        real = papers.badges_pdf

        def fails_at_the_second(*args: Any, **named: Any) -> bytes:
            printed.append(1)
            if len(printed) == 2:
                raise PowerCutError
            return real(*args, **named)

        monkeypatch.setattr(papers, "badges_pdf", fails_at_the_second)
        with pytest.raises(PowerCutError):
            service.make_papers(clock=at(EVENING))
        first = files_of(key)

        # While the worker that died may still be at it nobody takes its place.
        assert service.make_papers(clock=at(EVENING + timedelta(minutes=4))) == 0
        assert (job_of(key).done, len(first)) == (1, 1)
        assert service.make_papers(clock=at(EVENING + timedelta(minutes=6))) == 1
        assert len(printed) == 4
        [bound] = files_of(key)
        assert (job_of(key).done, len(pypdf.PdfReader(BytesIO(bound)).pages)) == (3, 3)

    def test_sending_goes_on_with_the_person_after_the_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = day_of(3)
        key = ask(day, PaperKind.SENDING).id
        real = service.send
        asked: list[int] = []

        def fails_at_the_second(registration_id: int, **named: Any) -> bool:
            asked.append(registration_id)
            sent = real(registration_id, **named)
            if len(asked) == 2:
                raise PowerCutError
            return sent

        monkeypatch.setattr(_jobs, "send", fails_at_the_second)
        with pytest.raises(PowerCutError):
            service.make_papers(clock=at(EVENING))
        assert (job_of(key).done, mails_sent()) == (1, 1)

        assert service.make_papers(clock=at(EVENING + timedelta(minutes=6))) == 1
        assert asked == [asked[0], asked[1], asked[1], asked[3]]
        assert (job_of(key).done, mails_sent()) == (3, 3)

    def test_who_fails_holds_up_nobody_else_and_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = day_of(3)
        key = ask(day, PaperKind.SENDING).id
        bad = job_of(key).subjects[0]
        real = service.send

        def fails_for_one(seat: int, **values: Any) -> bool:
            sent = real(seat, **values)
            if seat == bad:
                raise RuntimeError
            return sent

        monkeypatch.setattr(_jobs, "send", fails_for_one)
        assert service.make_papers(clock=at(EVENING)) == 1

        job = job_of(key)
        assert (job.state, job.done, job.failed) == (JobState.DONE, 3, [bad])
        assert queries.failed_names([job]) == {
            key: [("Claude Roux1", "ces données ne se composent pas (RuntimeError: )")]
        }
        assert mails_sent() == 2
        assert queries.unsent(day.id) == [bad]


@pytest.mark.usefixtures("transaction")
class TestByItself:
    def test_the_day_after_and_once(self) -> None:
        day = day_of(2)
        db.session.add(DayPapers(study_day_id=day.id, sends_next_day=True))
        db.session.commit()

        asked = []
        for moment in (EVENING, EVENING + timedelta(days=1), EVENING + timedelta(days=2)):
            with unit_of_work.transaction():
                asked.append(service.ask_by_itself(now=moment))
            service.make_papers(clock=at(moment))

        assert asked == [0, 1, 0]
        assert mails_sent() == 2

    def test_who_is_noted_present_later_has_it_too(self) -> None:
        day = make_open_day(2)
        db.session.add(DayPapers(study_day_id=day.id, sends_next_day=True))
        db.session.commit()
        afterwards = EVENING + timedelta(days=1)

        asked, mails = [], []
        for later in range(4):
            if later in {1, 2}:  # the sheet was kept on paper, and is entered person by person
                scan(day, codes_of(day)[later - 1], by=make_door(), now=ARRIVAL)
            for _again in range(2):
                with unit_of_work.transaction():
                    asked.append(service.ask_by_itself(now=afterwards + timedelta(days=later)))
                service.make_papers(clock=at(afterwards + timedelta(days=later)))
            mails.append(mails_sent())

        assert asked == [0, 0, 1, 0, 1, 0, 0, 0]
        assert mails == [0, 1, 2, 2]

    def test_after_a_month_nothing_leaves_by_itself(self) -> None:
        day = day_of(1)
        db.session.add(DayPapers(study_day_id=day.id, sends_next_day=True))
        db.session.commit()

        with unit_of_work.transaction():
            assert service.ask_by_itself(now=EVENING + timedelta(days=32)) == 0

    def test_a_day_that_does_not_say_so_waits_for_the_button(self) -> None:
        day_of(1)

        with unit_of_work.transaction():
            assert service.ask_by_itself(now=EVENING + timedelta(days=1)) == 0


def test_two_workers_at_the_same_moment_send_each_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            key = ask(day_of(5), PaperKind.SENDING).id

        def work() -> int:
            return service.make_papers(clock=at(EVENING))

        assert sorted(at_once(app, work, work)) == [0, 1]
        with app.app_context():
            assert mails_sent() == 5
            assert job_of(key).state is JobState.DONE


def test_two_who_ask_at_the_same_moment_ask_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            day_id = day_of(1).id

        def press() -> int:
            with unit_of_work.transaction():
                day = db.session.get_one(StudyDay, day_id)
                return service.ask(day, PaperKind.SHEET, actor=None, now=EVENING).id

        one, other = at_once(app, press, press)
        assert one == other
