# How instances of SWE-bench are tested, as version 4 of the package knows it. Reads rows, one JSON object a line, from standard
# input. Prints a line for each: instance_id with eval_script, log_parser and eval_type, or with problem. Fetches nothing: the
# script is made by the package's own function for it, not by way of a whole specification.
import json
import sys

from swebench.harness.constants import FAIL_ONLY_REPOS, MAP_REPO_VERSION_TO_SPECS
from swebench.harness.log_parsers import MAP_REPO_TO_PARSER
from swebench.harness.test_spec.create_scripts import make_eval_script_list


def commands_of(row):
    repo, version = row["repo"], str(row["version"])
    specs = MAP_REPO_VERSION_TO_SPECS.get(repo, {}).get(version)
    if specs is None or repo not in MAP_REPO_TO_PARSER:
        return {"problem": f"the package swebench does not know version {version} of {repo}"}
    lines = make_eval_script_list({**row, "version": version}, specs, "testbed", "/testbed", row["base_commit"], row["test_patch"])
    return {
        "eval_script": "\n".join(["#!/bin/bash", "set -uxo pipefail", *lines]) + "\n",
        "log_parser": MAP_REPO_TO_PARSER[repo].__name__,
        "eval_type": "fail_only" if repo in FAIL_ONLY_REPOS else "pass_and_fail",
    }


for line in sys.stdin:
    row = json.loads(line)
    try:
        found = commands_of(row)
    except Exception as error:
        found = {"problem": f"the package swebench made no script: {error!r}"}
    print(json.dumps({"instance_id": row["instance_id"], **found}))
