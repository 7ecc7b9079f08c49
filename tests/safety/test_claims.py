"""docs/security.md names a test for each claim: every one of them exists."""

import re

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "security.md"


def test_every_claim_has_its_test() -> None:
    rows = [line.split("|")[3] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and "`tests/" in line]
    claims = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(claims) > 20
    for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", "".join(rows)):
        assert re.search(rf"^\s*(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), f"{file} has no {name}"
