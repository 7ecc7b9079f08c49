"""A real server over a store with one much-spoken-of company, and Debian's Chromium to look at it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.model import Extraction, Kind, Predicate, Stance
from tests.api.conftest import running, world
from tests.ledger.story import KINDS, said, told

HERE = Path(__file__).parent
MUCH = "青禾科技"  # of which there are 500 statements
HUB = "枢纽集团"  # which 2,000 companies stand around, two edges away at most, in 6,000 edges
_ARGUMENTS = ["--enable-unsafe-swiftshader", *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # WebGL without a graphics card
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server."""
    directory = tmp_path_factory.mktemp("browser") / "store"
    KINDS.update({f"伙伴{number}": Kind.COMPANY for number in range(40)})
    stances = list(Stance)
    documents = [
        told(
            f"news {number}",
            f"{2012 + number % 12}-03-{number % 27 + 1:02}",
            *(
                said(
                    f"第{number}条第{place}句:青禾科技与伙伴{(number + place) % 40}合作",
                    stances[(number + place) % len(stances)],
                    MUCH,
                    Predicate.PARTNERS_WITH,
                    f"伙伴{(number + place) % 40}",
                    speaker="林一舟",
                )
                for place in range(10)
            ),
        )
        for number in range(50)
    ]
    with Store.open(directory) as store:
        store.bulk_add([*world(), *documents, *_around_the_hub()])
        keep_ledger(store)
    with running(f"store=Path({str(directory)!r}), page_size=500") as (address, _):
        yield address


def _around_the_hub() -> Iterator[Extraction]:
    """Yield documents in which the hub works with 40 companies, and these with all the others."""
    KINDS.update({HUB: Kind.COMPANY} | {f"成员{number}": Kind.COMPANY for number in range(1, 2000)})
    pairs = [(0, number) for number in range(1, 41)]
    pairs += [(number % 40 + 1, number) for number in range(41, 2000)]
    pairs += [(number % 40 + 1, 41 + (number * 7) % 1959) for number in range(6000 - len(pairs))]
    names = [HUB, *(f"成员{number}" for number in range(1, 2000))]
    for start in range(0, len(pairs), 200):
        yield told(
            f"hub {start}",
            "2024-05-06",
            *(
                said(
                    f"第{start + place}句:{names[one]}与{names[other]}合作",
                    Stance.DENIES if place % 10 == 0 else Stance.ASSERTS,
                    names[one],
                    Predicate.PARTNERS_WITH,
                    names[other],
                )
                for place, (one, other) in enumerate(pairs[start : start + 200])
            ),
        )


@pytest.fixture(scope="module")  # its event loop must be gone before tests of others begin theirs
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium; on Debian, 'make test' installs it for root")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


def pace(page: Page) -> float:
    """Return how much slower than a quick machine this one runs now: by the time of a fixed loop in a page, 400 ms there."""
    begun: float = page.evaluate(
        "() => { const begun = performance.now(); let sum = 0;"
        " for (let i = 0; i < 1e8; i++) sum = (sum * 31 + i) % 1000003; return performance.now() - begun + sum * 0 }"
    )
    return max(1.0, begun / 400)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page of a fresh reader who wants Chinese; what it asks of other servers fails the test."""
    context = chromium.new_context(base_url=address, locale="zh-CN")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    if any(
        url.endswith("/scripts/sparql.js") for url in asked
    ):  # Chromium itself styles what is typed over a selection; the policy blocks it
        faults = [fault for fault in faults if "Applying inline style" not in fault]
    assert faults == []


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, from npm at the version of the lock file."""
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = [str(BIN / "npm"), "ci", "--omit=dev", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm cannot fetch axe-core here: {done.stderr.strip().splitlines()[-1:]}")
    assert json.loads((folder / "node_modules/axe-core/package.json").read_text())["name"] == "axe-core"
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")
