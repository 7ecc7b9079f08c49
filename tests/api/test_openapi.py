"""The description of the API: complete, with values that can be tried, and true – no input that it allows makes the server fail."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.settings import Settings
from kg.graph.store import Store
from tests.api.conftest import running, world

EXAMPLES = 8  # of each operation, the same each time
METHODS = {"get", "put", "post", "delete"}
HAN = re.compile(r"[\u4e00-\u9fff]")
BOUNDED = settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def described_operations(client: httpx.Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation with its name."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield f"{method} {path}", operation


def test_every_operation_and_parameter_is_explained_with_a_value_to_try(client: httpx.Client) -> None:
    missing = []
    for name, operation in described_operations(client):
        if not operation.get("summary") or not operation.get("description") or not operation.get("tags"):
            missing.append(name)
        for parameter in operation.get("parameters", ()):
            schema = parameter.get("schema", {})
            tried = {"example", "examples"} & {*parameter, *schema} or "enum" in schema or schema.get("type") == "boolean"
            if not parameter.get("description") or not tried:
                missing.append(f"{name}: {parameter['name']}")
        if set(operation["responses"]["default"]["content"]) != {"application/problem+json"}:
            missing.append(f"{name}: problems")
    assert missing == []


def test_examples_are_chinese_and_can_be_asked(client: httpx.Client) -> None:
    lists = {"/entities", "/statements", "/documents", "/path"}
    for name, operation in described_operations(client):
        path = name.removeprefix("get ")
        if path not in lists:
            continue
        asked = {
            parameter["name"]: (parameter["schema"].get("examples") or [parameter.get("example")])[0]
            for parameter in operation["parameters"]
            if parameter["name"] != "cursor"
        }
        assert HAN.search("".join(map(str, asked.values()))), path
        for parameter, value in asked.items():
            needed = {"from": "蓝鲸科技", "to": "蓝鲸云"} if path == "/path" else {}
            answer = client.get(path, params={**needed, parameter: value})
            assert answer.status_code == 200 or (answer.status_code == 404 and parameter in {"document", "from", "to"}), answer.text


def test_every_limit_of_the_settings_is_told(client: httpx.Client) -> None:
    told = client.get("/openapi.json").json()["info"]["description"]
    preset = Settings(store=Path())
    for limit in (
        preset.url_bytes,
        preset.body_bytes,
        preset.upload_bytes,
        preset.upload_characters,
        preset.page_size,
        preset.page_limit,
        preset.query_length,
        preset.query_rows,
        preset.query_bytes,
    ):
        assert str(limit) in told


def test_a_page_is_never_longer_than_the_limit(store: Path) -> None:
    with (
        running(f"store=Path({str(store)!r}), page_size=2, page_limit=3") as (address, _),
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        for path in ("/entities", "/entities?q=鲸", "/statements", "/documents"):
            joined = "&" if "?" in path else "?"
            assert len(client.get(path).json()["items"]) == 2
            assert len(client.get(f"{path}{joined}limit=1000000000000").json()["items"]) == 3


def test_no_input_makes_a_reading_server_fail(server: str) -> None:
    asked = [ask_all(operation, {}) for operation in _operations(server)]
    assert len(asked) > 40
    assert sum(asked) > 200


def test_no_input_makes_a_writing_server_fail(tmp_path: Path) -> None:
    token = secrets.token_urlsafe()
    with Store.open(tmp_path / "store") as store:
        store.bulk_add(world())
    with running(f"store=Path({str(tmp_path / 'store')!r}), write_token={token!r}") as (address, _):
        writing = [operation for operation in _operations(address) if operation.method != "get"]
        assert len(writing) > 8
        for operation in writing:
            ask_all(operation, {"Authorization": f"Bearer {token}"})
        assert httpx.get(f"{address}/healthz", timeout=30).status_code == 200


def _operations(address: str) -> list[Any]:
    described = schemathesis.openapi.from_url(f"{address}/openapi.json")
    return [found.ok() for found in described.get_all_operations()]


def ask_all(operation: Any, headers: dict[str, str]) -> int:
    """Send inputs that an operation allows, and such as it does not; return how many. What is refused is refused by a problem document."""
    sent = 0

    @BOUNDED
    @given(data=st.data(), mode=st.sampled_from(schemathesis.GenerationMode))
    def ask(data: st.DataObject, mode: schemathesis.GenerationMode) -> None:
        nonlocal sent
        case = data.draw(operation.as_strategy(generation_mode=mode))
        sent += 1
        answer = case.call(timeout=30, headers=headers)
        assert answer.status_code < 500, f"{answer.status_code}: {answer.text}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"], answer.text
            assert answer.json()["status"] == answer.status_code

    ask()
    return sent
