"""Asking a model over HTTP: its two ways to answer, its faults, what is kept, what is spent, and that the key is shown nowhere."""

import json
import logging
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kg.errors import BudgetSpent, LlmError
from kg.llm import chat as chat_module
from kg.llm.budget import Budget, Usage
from kg.llm.chat import ANSWER_TOKENS, Chat, Question
from kg.llm.endpoint import Endpoint, Prices
from kg.llm.endpoint import endpoint as from_environment
from kg.llm.prompt import schema
from tests.llm.stub import NOTHING, Stub

Make = Callable[..., Endpoint]
SECRET = "sk-very-secret"


def question(text: str = "{}") -> Question:
    return Question(({"role": "system", "content": "read"}, {"role": "user", "content": text}), schema())


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_module, "_FIRST_WAIT", 0.01)


def ask(endpoint: Endpoint, *texts: str, budget: Budget | None = None) -> list[str]:
    with Chat(endpoint, budget or Budget()) as chat:
        return [chat.ask(question(text)).text for text in texts or ("{}",)]


# --- answers


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_the_same_whole_or_streamed(stub: Stub, endpoint: Make, stream: bool) -> None:
    stub.answer = lambda body: json.dumps({"statements": [], "said": "安屿科技" * 40}, ensure_ascii=False)
    with stub.running() as url:
        assert ask(endpoint(url, stream=stream)) == [stub.answer({})]
    assert stub.requests[0].get("stream", False) is stream
    assert stub.requests[0]["temperature"] == 0


def test_the_schema_is_the_closed_lists(stub: Stub, endpoint: Make) -> None:
    with stub.running() as url:
        ask(endpoint(url))
    sent = stub.requests[0]["response_format"]
    assert sent["type"] == "json_schema"
    record = sent["json_schema"]["schema"]["properties"]["statements"]["items"]
    assert "open_sources" in record["properties"]["predicate"]["enum"]
    assert record["additionalProperties"] is False and set(record["required"]) == set(record["properties"])


@pytest.mark.parametrize(("known", "forms"), [(("json_object", "text"), 2), (("text",), 3)])
def test_a_server_without_schemas_is_asked_more_plainly_and_remembered(
    stub: Stub, endpoint: Make, known: tuple[str, ...], forms: int
) -> None:
    stub.formats = known
    with stub.running() as url:
        assert ask(endpoint(url), "1", "2") == [NOTHING, NOTHING]
    assert len(stub.requests) == forms + 1
    assert "json_schema" not in str(stub.requests[-1].get("response_format"))


def test_a_server_that_wants_other_parameters_gets_them(stub: Stub, endpoint: Make) -> None:
    stub.refuses = [
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
    ]
    with stub.running() as url:
        assert ask(endpoint(url), "1", "2") == [NOTHING, NOTHING]
    assert len(stub.requests) == 4
    last = stub.requests[-1]
    assert last["max_completion_tokens"] == ANSWER_TOKENS and "temperature" not in last
    assert last["response_format"]["type"] == "json_schema"


def test_tokens_are_counted_by_the_server_else_by_characters(stub: Stub, endpoint: Make, tmp_path: Path) -> None:
    counted, uncounted = Budget(), Budget()
    with stub.running() as url:
        ask(endpoint(url, stream=True), budget=counted)
        stub.usage = False
        ask(endpoint(url, cache=tmp_path / "other"), "你好", budget=uncounted)
    assert counted.spent == Usage(7, 5)
    assert uncounted.spent == Usage(len("read你好"), len(NOTHING))


# --- trouble


def test_a_busy_server_is_asked_again_when_it_says(stub: Stub, endpoint: Make) -> None:
    stub.statuses, stub.retry_after = [429, 429], "0.2"
    with stub.running() as url:
        began = time.monotonic()
        assert ask(endpoint(url)) == [NOTHING]
    assert len(stub.requests) == 3
    assert time.monotonic() - began >= 0.4


def test_a_server_at_fault_is_asked_again(stub: Stub, endpoint: Make) -> None:
    stub.statuses = [500, 503, 502]
    with stub.running() as url:
        assert ask(endpoint(url)) == [NOTHING]
    assert len(stub.requests) == 4


def test_a_stream_that_breaks_off_is_asked_for_again(stub: Stub, endpoint: Make) -> None:
    stub.cut_stream = 2
    with stub.running() as url:
        assert ask(endpoint(url, stream=True)) == [NOTHING]
    assert len(stub.requests) == 3


def test_a_server_that_stays_at_fault_is_given_up(stub: Stub, endpoint: Make) -> None:
    stub.statuses = [500] * 50
    with stub.running() as url, pytest.raises(LlmError, match=r"answers 500 .*6 times in a row.*what was answered is kept"):
        ask(endpoint(url))
    assert len(stub.requests) == 6


def test_a_server_that_is_not_there_is_named(endpoint: Make) -> None:
    with Stub().running() as url:
        pass
    with pytest.raises(LlmError, match=rf"{url} does not answer \(ConnectError\)"):
        ask(endpoint(url))


@pytest.mark.parametrize(("given", "said"), [({"key": "wrong"}, "does not take the key"), ({"model": "other"}, "no such model")])
def test_what_no_second_try_can_mend_is_said_at_once(stub: Stub, endpoint: Make, given: dict[str, str], said: str) -> None:
    stub.key = SECRET
    with stub.running() as url, pytest.raises(LlmError, match=said):
        ask(endpoint(url, **{"key": SECRET, **given}))
    assert len(stub.requests) == 1


@pytest.mark.parametrize("raw", [b"<html>hello</html>", b'{"choices": []}', b'{"choices": [{"message": "hello"}]}', b"[]"])
def test_an_answer_of_another_protocol_is_named(stub: Stub, endpoint: Make, raw: bytes) -> None:
    stub.raw = raw
    with stub.running() as url, pytest.raises(LlmError, match="in no form of chat completions"):
        ask(endpoint(url))


def test_the_key_is_in_no_message_log_or_cache(stub: Stub, endpoint: Make, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    stub.statuses = [500, 418]
    with stub.running() as url:
        reached = endpoint(url, key=SECRET)
        with pytest.raises(LlmError, match="418") as refusal:
            ask(reached)
        ask(reached)
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "cache").rglob("*.json"))
    assert kept
    for text in (str(refusal.value), caplog.text, kept, repr(reached)):
        assert SECRET not in text
    assert "characters to http://127.0.0.1" in caplog.text


# --- what is kept


def test_what_was_answered_is_not_asked_again(stub: Stub, endpoint: Make) -> None:
    with stub.running() as url:
        assert ask(endpoint(url), "1", "2", "1") == ask(endpoint(url), "2", "1", "2")
        assert len(stub.requests) == 2
        stub.model = "stub-2"
        ask(endpoint(url, model="stub-2"), "1")
    assert len(stub.requests) == 3


def test_a_damaged_answer_is_asked_for_again(stub: Stub, endpoint: Make, tmp_path: Path) -> None:
    with stub.running() as url:
        ask(endpoint(url))
        (kept,) = (tmp_path / "cache").rglob("*.json")
        kept.write_text(kept.read_text("utf-8")[:20], "utf-8")
        assert ask(endpoint(url)) == [NOTHING]
    assert len(stub.requests) == 2


def test_a_cache_that_cannot_be_written_is_named(stub: Stub, endpoint: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with stub.running() as url, pytest.raises(LlmError, match="KG_LLM_CACHE"):
        ask(endpoint(url, cache=tmp_path / "file"))


# --- what may be spent


def test_a_request_that_the_budget_does_not_cover_is_not_sent(stub: Stub, endpoint: Make) -> None:
    with stub.running() as url, pytest.raises(BudgetSpent, match="the budget does not cover"):
        ask(endpoint(url), budget=Budget(tokens=ANSWER_TOKENS))
    assert not stub.requests


def test_what_is_under_way_counts_at_its_most(stub: Stub, endpoint: Make) -> None:
    stub.delay = 0.2
    budget = Budget(tokens=2 * ANSWER_TOKENS + 100)
    outcomes: list[Any] = []

    def one(number: int) -> None:
        try:
            outcomes.append(chat.ask(question(str(number))))
        except BudgetSpent as error:
            outcomes.append(error)

    with stub.running() as url, Chat(endpoint(url, jobs=8), budget) as chat, ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))
    assert sum(isinstance(one, BudgetSpent) for one in outcomes) == 6
    assert len(stub.requests) == 2
    assert budget.spent.total <= 2 * ANSWER_TOKENS + 100


def test_money_is_counted_at_the_prices_of_prompt_and_answer() -> None:
    budget = Budget(cost=1.0, prices=Prices(10, 100))
    budget.spend(Usage(20_000, 7_000))
    assert budget.cost == pytest.approx(0.9)
    with pytest.raises(BudgetSpent, match=r"0\.1000 of 1 left"), budget.reserved(Usage(1_000, 1_000)):
        pass
    with pytest.raises(LlmError, match="KG_LLM_PRICES"):
        Budget(cost=1.0)


def test_requests_keep_to_their_rate(stub: Stub, endpoint: Make) -> None:
    with stub.running() as url:
        began = time.monotonic()
        ask(endpoint(url, per_minute=600), *"12345")
    assert time.monotonic() - began >= 0.4


# --- settings


def test_nothing_is_sent_where_no_address_is_set() -> None:
    with pytest.raises(LlmError, match="nothing is sent anywhere; set KG_LLM_URL"):
        from_environment({"KG_LLM_KEY": SECRET, "KG_LLM_MODEL": "m"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KG_LLM_URL", "ftp://127.0.0.1"),
        ("KG_LLM_URL", "127.0.0.1:8080"),
        ("KG_LLM_MODEL", ""),
        ("KG_LLM_PRICES", "cheap"),
        ("KG_LLM_PRICES", "1,-2"),
        ("KG_LLM_JOBS", "many"),
        ("KG_LLM_JOBS", "0"),
        ("KG_LLM_PER_MINUTE", "-3"),
        ("KG_LLM_STREAM", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(LlmError, match=name):
        from_environment({"KG_LLM_URL": "http://127.0.0.1/v1", "KG_LLM_MODEL": "m", name: value})


ASKED, TURNS = 0.9, 12


def test_eight_at_a_time_are_nearly_as_fast_as_the_server(
    stub: Stub, endpoint: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside what a bare client gets of the same stub in the same run, medians of turns; asked is 0.9."""
    stub.delay = 0.04

    def bare(url: str) -> float:
        import httpx

        bodies = [{"model": "stub-1", "messages": [{"role": "user", "content": str(number)}]} for number in range(160)]
        with httpx.Client(limits=httpx.Limits(max_connections=8), timeout=30) as client, ThreadPoolExecutor(8) as threads:
            began = time.monotonic()
            list(threads.map(lambda body: client.post(f"{url}/chat/completions", json=body).raise_for_status(), bodies))
            return 160 / (time.monotonic() - began)

    def ours(url: str, turn: int) -> float:
        reached = endpoint(url, jobs=8, cache=tmp_path / str(turn))
        with Chat(reached, Budget()) as chat, ThreadPoolExecutor(8) as threads:
            began = time.monotonic()
            list(threads.map(lambda number: chat.ask(question(str(number))), range(160)))
            return 160 / (time.monotonic() - began)

    with stub.running() as url:
        ratios: list[float] = []
        while len(ratios) < 3 or (max(ratios) < ASKED and len(ratios) < TURNS):
            ratios.append(ours(url, len(ratios)) / bare(url))
    with capsys.disabled():
        sys.stdout.write(f"\neight at a time: {statistics.median(ratios):.2f} of what the stub alone answers\n")
    assert stub.at_once == 8
    assert max(ratios) >= ASKED  # what else the machine does is not ours


def test_threads_share_a_chat(stub: Stub, endpoint: Make) -> None:
    with stub.running() as url, Chat(endpoint(url, jobs=4), Budget()) as chat:
        threads = [threading.Thread(target=chat.ask, args=(question(str(number)),)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert chat.requests == len(stub.requests) == 12
