"""Which status and body becomes which error; the only place that knows statuses."""

import gzip
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    ConnectionLost,
    Deadline,
    FieldsNotGranted,
    MalformedAnswer,
    NotFound,
    PowerSchool,
    PowerSchoolError,
    Rejected,
    ServerError,
    Throttled,
    TokenRefused,
    UnexpectedRedirect,
    V1AccessMissing,
)

from .conftest import BASE

METADATA = f"{BASE}/ws/v1/metadata"
PAGE = "<!DOCTYPE html><html><body>Maintenance, back in 10 seconds</body></html>"
NO_V1 = {
    "errorMessage": {"message": "Plugin is missing required accessLevelV1Api READ"}
}
XML_405 = "<errorMessage><message>HTTP 405 Method Not Allowed</message></errorMessage>"
NO_ACCESS = {
    "message": "At least one column lacks sufficient permission",
    "errors": [{"code": "NoAccess", "field": "SchoolID", "resource": "Log"}],
}
LATER = {"message": "Too many requests, wait 7 seconds"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "is_ambiguous"),
    [
        (200, PAGE, MalformedAnswer, True),
        (200, "", MalformedAnswer, True),
        (200, '{"metadata": {', MalformedAnswer, True),
        (200, "[" * 100_000, MalformedAnswer, True),
        (200, [], MalformedAnswer, True),
        (200, LATER, Throttled, False),
        (204, "", MalformedAnswer, True),
        (301, "", UnexpectedRedirect, True),
        (302, PAGE, UnexpectedRedirect, True),
        (400, {"message": "Invalid field specified"}, Rejected, False),
        (400, LATER, Throttled, False),
        (400, PAGE, MalformedAnswer, True),
        (401, "", TokenRefused, False),
        (401, NO_V1, V1AccessMissing, False),
        (403, NO_ACCESS, FieldsNotGranted, False),
        (403, {"message": "no"}, FieldsNotGranted, False),
        (403, PAGE, MalformedAnswer, True),
        (404, {"message": "Resource not found"}, NotFound, False),
        (404, PAGE, NotFound, False),
        (405, XML_405, Rejected, False),
        (408, "", ServerError, True),
        (409, "{}", Rejected, False),
        (413, "", Rejected, False),
        (415, "", Rejected, False),
        (418, "", Rejected, False),
        (422, "", Rejected, False),
        (425, "", ServerError, True),
        (429, "", Throttled, False),
        (500, {"message": "hibernate"}, ServerError, True),
        (500, LATER, Throttled, False),
        (502, PAGE, ServerError, True),
        (503, PAGE, Throttled, False),
        (504, "", ServerError, True),
        (509, "", Throttled, False),
    ],
)
def test_a_status_and_a_body_become_one_error(
    *,
    status: int,
    body: Any,
    kind: type[PowerSchoolError],
    is_ambiguous: bool,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    soon: Deadline,
) -> None:
    content = {"body": body} if isinstance(body, str) else {"json": body}
    server.get(METADATA, status=status, **content)
    with pytest.raises(PowerSchoolError) as caught:
        powerschool.metadata(deadline=soon)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.is_ambiguous is is_ambiguous


def test_a_redirect_is_not_followed(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    evil = server.get("http://169.254.169.254/latest", json={"metadata": {}})
    location = {"Location": "http://169.254.169.254/latest"}
    server.get(METADATA, status=302, headers=location)
    with pytest.raises(UnexpectedRedirect):
        powerschool.metadata(deadline=soon)
    assert evil.call_count == 0


def test_a_403_names_the_lines_missing_from_the_plugin(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, status=403, json=NO_ACCESS)
    with pytest.raises(FieldsNotGranted) as caught:
        powerschool.metadata(deadline=soon)
    line = '<field table="Log" field="SchoolID" access="ViewOnly"/>'
    assert caught.value.plugin_lines() == line


def test_a_single_error_may_come_without_its_list(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, status=403, json={"errors": NO_ACCESS["errors"][0]})
    with pytest.raises(FieldsNotGranted) as caught:
        powerschool.metadata(deadline=soon)
    assert caught.value.fields[0].field == "SchoolID"


def test_a_field_that_is_named_in_two_spellings_is_one_line(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    named = [("Students", "dcid"), ("Students", "DCID"), ("Students", "ID")]
    errors = [{"resource": table, "field": field} for table, field in named]
    server.get(METADATA, status=403, json={"message": "no", "errors": errors})
    with pytest.raises(FieldsNotGranted) as caught:
        powerschool.metadata(deadline=soon)
    assert [grant.field for grant in caught.value.fields] == ["dcid", "ID"]


def test_plugin_lines_cannot_be_broken_out_of(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    error = {"resource": "T", "field": '"/><field table="X'}
    server.get(METADATA, status=403, json={"errors": [error]})
    with pytest.raises(FieldsNotGranted) as caught:
        powerschool.metadata(deadline=soon)
    assert caught.value.plugin_lines().count("<field") == 1


def test_an_excerpt_is_short_and_without_secrets(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    leak = 'token-3 Bearer other-9 "access_token":"other-8" client_secret=other-7 '
    server.get(METADATA, status=500, json={"message": leak + "x" * 2000})
    with pytest.raises(ServerError) as caught:
        powerschool.metadata(deadline=soon)
    for text in (caught.value.excerpt, str(caught.value)):
        assert "token-3" not in text
        assert "other-" not in text
    assert len(caught.value.excerpt) <= 500


def test_an_answer_above_the_cap_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, body=b" " * (8 * 1024 * 1024 + 1))
    with pytest.raises(MalformedAnswer, match="larger"):
        powerschool.metadata(deadline=soon)


def test_a_small_answer_that_decompresses_above_the_cap_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    server.get(METADATA, body=bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(MalformedAnswer, match="larger"):
        powerschool.metadata(deadline=soon)


def test_an_answer_that_does_not_decompress_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, body=b"not gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(MalformedAnswer, match="decompressed"):
        powerschool.metadata(deadline=soon)


def test_an_error_of_the_library_is_a_lost_connection(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, body=ConnectionResetError())
    with pytest.raises(ConnectionLost):
        powerschool.metadata(deadline=soon)


def test_every_call_asks_for_json_and_sends_the_token(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(METADATA, json={"metadata": {}})
    powerschool.metadata(deadline=soon)
    headers = server.calls[-1].request.headers
    assert headers["Accept"] == "application/json"
    assert headers["Authorization"] == "Bearer token-3"
    assert headers["User-Agent"] == "vmps"
