"""Who may change the store, and what others see of a change."""

import asyncio
from pathlib import Path

import pytest

from api.errors import ServeError
from api.query.jobs import Dataset
from api.query.pool import Pool
from api.settings import Settings
from api.writing import Token, Writer
from kg.errors import StoreError
from kg.graph.store import Store

JSON = "application/sparql-results+json"


def test_a_token_is_kept_as_a_hash_and_may_be_given_as_one() -> None:
    token = Token("一个令牌")
    assert token.admits("一个令牌")
    assert not token.admits("一个令")
    assert "令牌" not in repr(vars(token))
    with pytest.raises(ServeError):
        Token("sha256:abc")
    with pytest.raises(ServeError):
        Token("sha256:abcd")


def test_workers_see_each_change_and_checkpoints_go_when_nobody_reads_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        store, writer = Writer.open(tmp_path, Token("t"))
        pool = Pool(Settings(store=tmp_path, query_workers=1), writer)
        await pool.open()
        try:
            before = writer.generation
            for number in range(3):
                await writer.run(lambda store, number=number: store.graph.update(f"INSERT DATA {{ <a:a> <a:n> {number} }}"))
                _, body = await pool.answer(f"ASK {{ <a:a> <a:n> {number} }}", JSON, Dataset())
                assert b"true" in body
            assert writer.generation == before + 3
            assert [entry.name for entry in (tmp_path / "reading").iterdir()] == [str(writer.generation)]
            with pytest.raises(StoreError, match="another process"):
                Store.open(tmp_path)
        finally:
            await pool.close()
            writer.close()
            store.close()
        assert not (tmp_path / "reading").exists()

    asyncio.run(scenario())


def test_a_checkpoint_that_is_being_made_stays(tmp_path: Path) -> None:
    store, writer = Writer.open(tmp_path, Token("t"))
    try:
        made = tmp_path / "reading" / f"{writer.generation + 1}.tmp"
        made.mkdir()  # as the database names it until it is whole
        older = tmp_path / "reading" / str(writer.generation - 1)
        older.mkdir()
        writer.forget(())
        assert made.exists()
        assert not older.exists()
    finally:
        writer.close()
        store.close()


def test_a_change_that_fails_raises_and_still_counts(tmp_path: Path) -> None:
    async def scenario() -> None:
        store, writer = Writer.open(tmp_path, Token("t"))
        before = writer.generation
        with pytest.raises(StoreError, match="no document"):
            await writer.run(lambda store: store.withdraw("没有"))
        assert writer.generation == before + 1
        writer.close()
        store.close()

    asyncio.run(scenario())
