"""Processes that a test starts often: each is forked from one that has imported what they need, so that none imports it again."""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.safety.loader", "tests.served", "tests.stores.writer"])
