"""`python -m tools.till_times [--sales 20]`: how long a sale takes at the till, and ten tills at once.

In a real browser: keystrokes after the phone, and seconds from the first key to "sold". Over HTTP: answers of the
sale's pages while ten tills sell at once, and what the server has computed for each. Starts a demo in a temporary home;
with DATABASE_URL set, in that database: `python -m tools.pg --durable .venv/bin/python -m tools.till_times`. Prints the
tables of docs/measured/till.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from tools.screenshots.demo_site import demo_site


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.till_times")
    parser.add_argument("--sales", type=int, default=20, help="of each of the ten tills")
    parser.add_argument("--times", type=int, default=1, help="how often each sale is made in the browser")
    asked = parser.parse_args(arguments)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with demo_site(keep_database=True) as address:
        import django

        django.setup()
        from django.db import connection

        from kopilka.queries.programs import program_by_slug
        from tools.screenshots.stage import Stage
        from tools.till_times.load import ten_tills
        from tools.till_times.typing import typed_sales

        print(f"{connection.vendor}, load of the machine {os.getloadavg()[0]:.1f}\n")
        stage = Stage(address, program_by_slug("demo"))
        if chromium:
            print(typed_sales(stage, chromium, asked.times))
        print(ten_tills(stage, asked.sales))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
