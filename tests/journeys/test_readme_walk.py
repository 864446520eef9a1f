"""The five minutes of the README, taken from its text and walked on a real server: every figure comes true (S2.9)."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from tests.house.tree import ROOT
from tools.trust.serving import Server

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WALK = re.compile(r"^## (?:Five minutes|Пять минут).*?(?=^## )", re.MULTILINE | re.DOTALL)
MARK = "@@@ step"
COMMAND = ".venv/bin/kopilka"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="curl: apt-get install curl"),
]


def steps(readme: Path) -> list[tuple[str, str]]:
    """The blocks of the walk with the text that follows each; "" where the README shows nothing."""
    found: list[tuple[str, str]] = []
    for kind, text in BLOCK.findall(WALK.findall(readme.read_text(encoding="utf-8"))[0]):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


@contextmanager
def own_database(environment: dict[str, str]):
    """On PostgreSQL a database of its own: the server migrates it, and other tests must not meet it."""
    owner = environment.get("DATABASE_OWNER_URL")
    if not owner:
        yield environment
        return
    name = f"walk_{uuid4().hex}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    addresses = ("DATABASE_URL", "DATABASE_OWNER_URL")
    try:
        yield {
            **environment,
            **{key: urlsplit(environment[key])._replace(path=f"/{name}").geturl() for key in addresses},
        }
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def walk(blocks: list[str], environment: dict[str, str]) -> list[str]:
    """What each block prints when all of them are typed into one shell."""
    script = "\n".join(f"{block}\necho; echo '{MARK}'" for block in blocks)
    script = script.replace(COMMAND, f"{sys.executable} -m kopilka.cli.main")
    done = subprocess.run(
        ["bash"], input=script, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert len(done.stdout.split(MARK)) == len(blocks) + 1, done.stderr
    return [told.strip().replace("\u00a0", " ") for told in done.stdout.split(MARK)[:-1]]


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_walk_of_the_readme_comes_true(name, tmp_path):
    told = steps(ROOT / name)
    environment = {**os.environ, "KOPILKA_HOME": str(tmp_path / "home"), "KOPILKA_ENV": "production"}

    with own_database(environment) as chosen:
        server = Server(environment=chosen, log=tmp_path / "server.log")
        server.start()
        try:
            printed = walk([block for block, _ in told], {**chosen, "PORT": str(server.port)})
        finally:
            server.stop()

    shown = [(expected.strip(), got) for (_, expected), got in zip(told, printed, strict=True) if expected]
    assert [got for _, got in shown] == [expected for expected, _ in shown]
    assert len(shown) >= 9


def test_walk_is_the_same_in_both_languages():
    english, russian = (
        [re.sub(r'"name": "[^"]*"|Accept-Language: \w\w|program create \w+|--program \w+', "", block)
         for block, _ in steps(ROOT / name)]
        for name in ("README.md", "README.ru.md")
    )  # fmt: skip

    assert english == russian
