"""One command from an empty folder to an answering server, and back to nothing in ten seconds."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from importlib.util import find_spec

import pytest

from kopilka.cli.up import port_is_free

START_SECONDS_MAX = 240
STOP_SECONDS_MAX = 10
COMMAND = [sys.executable, "-m", "kopilka.cli.main", "up"]

needs_server = pytest.mark.skipif(
    not (find_spec("kopilka.api") and find_spec("kopilka.api.asgi")), reason="there is no API yet"
)


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(port, tmp_path):
    return {**os.environ, "KOPILKA_HOME": str(tmp_path / "home"), "PORT": str(port), "KOPILKA_ENV": "production"}


def answers(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/")
            return connection.getresponse().status > 0
    except OSError:
        return False


def wait_until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while not answers(port):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)


def started(environment: dict[str, str]) -> subprocess.Popen[str]:
    """In a group of its own: what a failing test leaves behind would go on working for ever."""
    return subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def end_with_all_it_started(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def test_taken_port_is_noticed(port):
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()

        assert not port_is_free(port)

    assert port_is_free(port)


@needs_server
@pytest.mark.slow
@pytest.mark.parametrize("ask", [signal.SIGTERM, signal.SIGINT])
def test_server_starts_once_and_stops_when_asked(environment, port, ask):
    with started(environment) as process:
        try:
            wait_until_it_answers(process, port)
            second = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
            process.send_signal(ask)
            code = process.wait(STOP_SECONDS_MAX)
        finally:
            end_with_all_it_started(process)

    assert code == 0
    assert port_is_free(port)
    assert second.returncode == 3
    assert second.stderr == (
        f"kopilka: port {port} is taken, perhaps by another kopilka; stop it or choose another: PORT=8001\n"
    )


@needs_server
@pytest.mark.slow
def test_stop_before_the_server_is_ready_is_not_lost(environment, port):
    with started(environment) as process:
        try:
            assert process.stdout is not None
            next(line for line in process.stdout if line.startswith("Kopilka: "))
            process.terminate()
            code = process.wait(STOP_SECONDS_MAX)
        finally:
            end_with_all_it_started(process)

    assert code in {0, -signal.SIGTERM}
    assert port_is_free(port)
