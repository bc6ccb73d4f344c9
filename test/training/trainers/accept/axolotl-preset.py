"""Holds a configuration against Axolotl's own schema and checks, as on four nodes of eight H100. Prints what it does not know."""

import importlib.machinery
import json
import pathlib
import sys
import types

# Kernels that are built where a GPU is. The checks only want them to be there.
for name in ("flash_attn", "ring_flash_attn"):
    module = types.ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    module.__version__ = "2.8.0"
    sys.modules[name] = module

path = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(path.parent))

import yaml
from axolotl.utils.config import prepare_plugins, validate_config
from axolotl.utils.dict import DictDefault
from axolotl.utils.schemas.config import AxolotlInputConfig

given = yaml.safe_load(path.read_text(encoding="utf-8"))
unknown = sorted(set(given) - set(AxolotlInputConfig.model_fields))
config = DictDefault(given)
prepare_plugins(config)
machine = {"bf16": True, "fp8": True, "tf32": True, "n_gpu": 8, "n_node": 4, "compute_capability": "sm_90"}
valid = validate_config(config, capabilities=machine, env_capabilities={"torch_version": "2.9.0"})


def kept(value, now) -> bool:
    """Defaults may be filled in beside what is given."""
    if isinstance(value, dict):
        return isinstance(now, dict) and all(kept(inner, now.get(name)) for name, inner in value.items())
    return value == now


changed = sorted(name for name, value in given.items() if name not in ("datasets", "plugins") and not kept(value, valid.get(name)))
print("accepted " + json.dumps({"unknown": unknown, "changed": changed}))
