"""Requests made from the document at random: nothing fails, and no status comes that the document does not name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.server import running
from tests.api.shop import make_keys
from tests.factories import make_member, make_program
from tests.tills import FREE_RULES

EXAMPLES = os.environ.get("KOPILKA_SCHEMATHESIS_EXAMPLES", "12")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.slow
def test_random_requests_get_documented_answers(transactional_db, tmp_path):
    program = make_program("lavka", rulebook=FREE_RULES)
    make_member(program)
    key = make_keys(program)["admin"]

    with running() as server:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"), "run", f"{server.url}/api/v1/openapi.json",
                "--url", server.url, "-H", f"Authorization: Bearer {key}", "--checks", CHECKS,
                "--max-examples", EXAMPLES, "--seed", "1", "--phases", "examples,coverage,fuzzing",
                "--max-failures", "20", "--no-color", "--workers", "2",
            ],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
