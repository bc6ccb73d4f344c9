"""Makes TRL's own SFTConfig of the arguments of a configuration, as a machine with GPUs would."""

import json
import pathlib
import sys

import transformers.training_args as training_args

# Asked of the machine, not of the arguments.
training_args.is_torch_bf16_gpu_available = lambda: True

from trl import SFTConfig

given = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["arguments"]
config = SFTConfig(output_dir="/nowhere", max_length=None, packing=False, report_to="none", **given)
kept = [name for name in given if name not in ("fsdp", "fsdp_config")]
changed = sorted(name for name in kept if getattr(config, name) != given[name])
print("accepted " + json.dumps({"changed": changed, "version": config.fsdp_config.get("version")}))
