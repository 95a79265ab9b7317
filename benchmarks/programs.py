"""Running our own helper programs: a plan goes in, an answer comes out, both JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.stage import ROOT, Stage


def run_program(stage: Stage, module: str, plan: dict[str, Any]) -> Any:
    """Run `python -m benchmarks.MODULE` in a process of its own."""
    path = stage.folder / f"{module}.json"
    path.write_text(json.dumps(plan))
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", str(path)],
        check=True,
        cwd=ROOT,
        env=stage.environment,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)
