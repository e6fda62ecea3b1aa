"""The log tells what happened and never to whom."""

import json
import logging
import re

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.errors import InvariantBroken
from doudi.server.site import logs

ID = "520203199001011234"
FORBIDDEN = re.compile(r"\d{17}[\dXx]|\d{15}|1[3-9]\d{9}")


@pytest.fixture
def lines(tmp_path):
    """A logger of ours and one of a library, writing to a folder; what they wrote."""
    handler = logs.DailyFile(str(tmp_path))
    handler.setFormatter(logs.JsonLine())
    loggers = [logging.getLogger(name) for name in ("doudi.test", "library.test")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)


def test_fields_of_our_own(lines):
    logging.getLogger("doudi.test").info(
        "import applied", extra={"rows": 12, "kind": "people", "actor": object()}
    )
    (line,) = lines()
    assert line["event"] == "import applied"
    assert (line["rows"], line["kind"], line["actor"]) == (12, "people", "object")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])


def test_values_of_others_are_left_out(lines):
    logging.getLogger("library.test").warning("Forbidden (%s): %s", "张三", f"/people/{ID}")
    assert lines()[0]["event"] == "Forbidden (%s): %s"


def test_a_fault_tells_its_place_and_not_its_words(lines):
    try:
        raise ValueError(f"张三 {ID}")
    except ValueError:
        logging.getLogger("doudi.test").exception("broke")
    (line,) = lines()
    text = json.dumps(line, ensure_ascii=False)
    assert line["fault"] == "builtins.ValueError"
    assert line["at_code"][-1].endswith("test_a_fault_tells_its_place_and_not_its_words")
    assert "张三" not in text
    assert ID not in text


def test_a_broken_promise_tells_its_code():
    assert logs.fault_fields(InvariantBroken("scope.changed_inside"))["code"] == "scope.changed_inside"


@pytest.mark.django_db
def test_of_the_database_the_name_of_the_constraint_alone():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE once (number text CONSTRAINT only_once UNIQUE)")
        with pytest.raises(DatabaseError) as caught:
            cursor.execute("INSERT INTO once VALUES (%s), (%s)", [ID, ID])
    fields = logs.fault_fields(caught.value)
    assert isinstance(caught.value, IntegrityError)
    assert (fields["sqlstate"], fields["constraint"], fields["table"]) == ("23505", "only_once", "once")
    assert fields["cause"] == f"{psycopg.errors.UniqueViolation.__module__}.UniqueViolation"
    assert ID not in json.dumps(fields)


@pytest.mark.parametrize(
    "number",
    [
        ID,
        "52020319900101123x",
        "520203900101123",
        "13800138000",
        "138-0013-8000",
        "6228 4804 0256 4890 018",
        ID + "4243",
    ],
)
@pytest.mark.parametrize("around", ["{}", "号码{}。", "id={}&x=1", "a {} b"])
def test_masking(number, around):
    text = logs.masked(around.format(number))
    assert not re.search(r"\d{4}", text)
    assert "[number]" in text


@pytest.mark.parametrize("text", ["2026-01-05 12:30", "520203000", "12.5 ms", "KTRM-QWXB", "1234567890"])
def test_what_is_no_number_of_a_person_stays(text):
    assert logs.masked(text) == text


@given(st.text(alphabet=st.sampled_from("0123456789Xx -aé张/"), max_size=60))
def test_nothing_that_looks_like_a_number_passes(text):
    assert not FORBIDDEN.search(logs.masked(text))


@given(st.integers())
def test_nor_as_an_integer(number):
    assert not FORBIDDEN.search(json.dumps(logs._field(number)))


def test_references_are_no_numbers_and_not_alike():
    made = {logs.reference() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}", one) for one in made)


class Actor:
    user = 7


def test_a_request_has_its_line(caplog):
    def answer(request):
        request.actor = Actor()
        return HttpResponse(status=404)

    with caplog.at_level(logging.INFO, "doudi.site"):
        response = logs.RequestLog(answer)(RequestFactory().get(f"/people/{ID}/?name=张三"))
    (record,) = caplog.records
    assert (record.method, record.route, record.status, record.user) == ("GET", "none", 404, 7)
    assert response.headers["X-Reference"] == record.reference
    text = logs.JsonLine().format(record)
    assert ID not in text
    assert "people" not in text


def test_a_method_is_not_a_way_into_the_log(caplog):
    with caplog.at_level(logging.INFO, "doudi.site"):
        logs.RequestLog(lambda _: HttpResponse())(RequestFactory().generic("ZHANGSAN", "/"))
    assert caplog.records[0].method == "other"


def test_of_django_s_own_lines_only_faults_with_their_reference():
    only = logs.OnlyFaults()
    plain = logging.makeLogRecord({"msg": "Not Found: %s", "args": (f"/{ID}",)})
    assert not only.filter(plain)
    request = RequestFactory().get("/")
    request.reference = "KTRM-QWXB"
    try:
        raise ValueError(ID)
    except ValueError as fault:
        told = (type(fault), fault, fault.__traceback__)
        record = logging.makeLogRecord(
            {
                "name": "django.request",
                "msg": "Internal Server Error: %s",
                "args": (f"/{ID}",),
                "exc_info": told,
            }
        )
    record.request = request
    assert only.filter(record)
    line = json.loads(logs.JsonLine().format(record))
    assert (line["event"], line["reference"]) == ("fault", "KTRM-QWXB")
    assert ID not in json.dumps(line)


def test_a_log_that_cannot_be_written_does_not_stop_the_work(tmp_path, capsys):
    place = tmp_path / "file"
    place.write_text("")
    handler = logs.DailyFile(str(place))
    handler.setFormatter(logs.JsonLine())
    handler.emit(logging.makeLogRecord({"name": "doudi.test", "msg": ID}))
    said = capsys.readouterr().err
    assert "not written" in said
    assert ID not in said


def test_lines_of_several_processes_share_the_day_s_file_which_is_closed_to_others(tmp_path):
    for _ in range(2):
        handler = logs.DailyFile(str(tmp_path / "logs"))
        handler.setFormatter(logs.JsonLine())
        handler.emit(logging.makeLogRecord({"name": "doudi.test", "msg": "once"}))
    (path,) = (tmp_path / "logs").iterdir()
    assert len(path.read_text().splitlines()) == 2
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
