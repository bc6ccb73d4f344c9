# Stands for the program of SWE-bench Pro: its flags and its files, without containers. What it says of an instance follows
# from the instance's patch.
import argparse
import json
import os
import time

flags = argparse.ArgumentParser()
for name in ["raw_sample_path", "patch_path", "output_dir", "scripts_dir", "dockerhub_username", "num_workers"]:
    flags.add_argument(f"--{name}", required=True)
for name in ["use_local_docker", "block_network"]:
    flags.add_argument(f"--{name}", action="store_true", required=True)
given = flags.parse_args()

with open(given.raw_sample_path) as file:
    rows = {row["instance_id"]: row for row in map(json.loads, file)}
with open(given.patch_path) as file:
    patches = json.load(file)

results = {}
for item in patches:
    identifier, prefix, patch = item["instance_id"], item["prefix"], item["patch"]
    if identifier not in rows or "LOSE" in patch:
        continue
    folder = os.path.join(given.output_dir, identifier)
    os.makedirs(folder, exist_ok=True)

    def write(name, text):
        with open(os.path.join(folder, f"{prefix}_{name}"), "w") as output:
            output.write(text)

    if "HANG" in patch:
        time.sleep(600)
    write("stdout.log", "running\n")
    write("stderr.log", "error: patch failed: src/a.ts:1\nerror: src/a.ts: patch does not apply\n" if "REFUSE" in patch else "")
    passed = "FIX" in patch
    if "CRASH" not in patch:
        write("output.json", json.dumps({"tests": [{"name": "t", "status": "PASSED" if passed else "FAILED"}]}))
    results[identifier] = passed
with open(os.path.join(given.output_dir, "eval_results.json"), "w") as output:
    json.dump(results, output)
