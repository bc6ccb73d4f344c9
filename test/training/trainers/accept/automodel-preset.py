"""Finds every object that a configuration of NeMo AutoModel names, and holds the arguments against its real signature."""

import importlib
import inspect
import json
import pathlib
import sys

import yaml


def found(name: str):
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            value = getattr(value, part)
        return value
    raise LookupError(name)


def check(where: str, section, refused: list, named: list) -> None:
    if not isinstance(section, dict):
        return
    for key, value in section.items():
        check(f"{where}.{key}", value, refused, named)
        if key.endswith("_fn") and isinstance(value, str):
            found(value)
            named.append(value)
    target = section.get("_target_")
    if target is None:
        return
    named.append(target)
    parameters = inspect.signature(found(target)).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    refused.extend(f"{where}.{key}" for key in section if key != "_target_" and key not in parameters)


def main() -> None:
    config = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    refused: list = []
    named: list = []
    check("config", config, refused, named)
    from nemo_automodel.components.optim.scheduler import OptimizerParamScheduler
    from nemo_automodel.components.training.step_scheduler import StepScheduler
    from nemo_automodel.recipes.llm import train_ft

    # Sections that the recipe itself hands on.
    for where, taker in (("step_scheduler", StepScheduler), ("lr_scheduler", OptimizerParamScheduler)):
        parameters = inspect.signature(taker).parameters
        refused.extend(f"{where}.{key}" for key in config[where] if key not in parameters)
    recipe = getattr(train_ft, config["recipe"]).__name__
    print("accepted " + json.dumps({"recipe": recipe, "refused": refused, "named": len(named)}))


main()
