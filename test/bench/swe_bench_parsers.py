"""Runs SWE-bench's own log parsers: swe_bench_parsers.py NAME LOG [RUNS] prints {"seconds", "statuses"} as JSON.

Their files are loaded one by one with stand-ins for what they import, so that the package's many dependencies
need not be installed. Exit code 3 says that the package is not there.
"""

import enum
import importlib.util
import json
import pathlib
import re
import sys
import time
import types


class TestStatus(enum.Enum):
    FAILED = "FAILED"
    PASSED = "PASSED"
    SKIPPED = "SKIPPED"
    ERROR = "ERROR"
    XFAIL = "XFAIL"


def stand_in(name, **attributes):
    module = types.ModuleType(name)
    module.__dict__.update(attributes)
    sys.modules[name] = module


def load_parsers(folder):
    ansi = re.compile(r"\x1b(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])")
    for name in ("swebench", "swebench.harness", "swebench.harness.test_spec"):
        stand_in(name)
    stand_in("swebench.harness.constants", TestStatus=TestStatus)
    stand_in("swebench.harness.test_spec.test_spec", TestSpec=object)
    stand_in("swebench.harness.utils", ansi_escape=lambda text: ansi.sub("", text))
    parsers = {}
    for file in sorted(folder.glob("[a-z]*.py")):
        scope = {"__name__": file.stem}
        exec(compile(file.read_text(), str(file), "exec"), scope)
        parsers.update((name, value) for name, value in scope.items() if name.startswith("parse_log_"))
    return parsers


def main():
    spec = importlib.util.find_spec("swebench")
    if spec is None:
        sys.exit(3)
    parser = load_parsers(pathlib.Path(spec.submodule_search_locations[0], "harness", "log_parsers"))[sys.argv[1]]
    log = pathlib.Path(sys.argv[2]).read_text()
    seconds = []
    for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 3):
        started = time.process_time()
        statuses = parser(log, None)
        seconds.append(time.process_time() - started)
    print(json.dumps({"seconds": min(seconds), "statuses": statuses}))


main()
