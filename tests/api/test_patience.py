"""Bodies that never come: the request ends with its own refusal, others are left alone."""

import asyncio

import pytest

from kopilka.api import calls
from kopilka.api.calls import read_body
from kopilka.api.faults import Fault, Problem

pytestmark = pytest.mark.usefixtures("no_loop_of_the_browser")


async def never():
    await asyncio.sleep(60)


def coming(after: float):
    async def receive():
        await asyncio.sleep(after)
        return {"type": "http.request", "body": b"{}", "more_body": False}

    return receive


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(calls, "BODY_SECONDS_MAX", 0.16)


def test_a_body_that_does_not_come_is_given_up():
    async def both():
        return await asyncio.gather(read_body(never), read_body(coming(0.02)), return_exceptions=True)

    late, good = asyncio.run(both())

    assert (late.code, good) == (Fault.BODY_TIMEOUT, b"{}")


def test_each_request_has_its_own_time():
    async def one_after_another():
        return [await read_body(coming(0.1)) for _ in range(3)]

    assert asyncio.run(one_after_another()) == [b"{}"] * 3


def test_whoever_is_cancelled_by_others_is_not_told_to_be_late():
    async def cancelled():
        task = asyncio.create_task(read_body(never))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_a_late_task_goes_on_as_any_other():
    async def again():
        with pytest.raises(Problem):
            await read_body(never)
        await asyncio.sleep(0.01)
        return await read_body(coming(0)), asyncio.current_task().cancelling()

    assert asyncio.run(again()) == (b"{}", 0)
