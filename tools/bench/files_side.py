"""Goals 14 and 15: history simulated and imported, receipts a second."""

from __future__ import annotations

import argparse

from tools.bench.report import Report


def measure(report: Report, options: argparse.Namespace) -> None:
    del report, options
