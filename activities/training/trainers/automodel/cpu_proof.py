"""Runs NeMo AutoModel's fine-tuning recipe on a processor, for proofs alone: it asks for CUDA devices by itself.

    python cpu_proof.py config.yaml
"""

import dataclasses
import sys

import torch

CPU = torch.device("cpu")


class TorchWithoutCuda:
    """The module torch, except that a CUDA device is the processor."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def device(kind, *rest):
        return CPU if isinstance(kind, str) and kind.startswith("cuda") else torch.device(kind, *rest)


torch.cuda.current_device = lambda: CPU
torch.cuda.set_device = lambda device: None
torch.cuda.reset_peak_memory_stats = lambda device=None: None
torch.cuda.get_rng_state_all = lambda: []
torch.cuda.set_rng_state_all = lambda states: None

from nemo_automodel._transformers import auto_model, model_init  # noqa: E402
from nemo_automodel.components.config.loader import load_yaml_config  # noqa: E402
from nemo_automodel.recipes.llm import train_ft  # noqa: E402

auto_model.torch = model_init.torch = TorchWithoutCuda()
initialize = train_ft.initialize_distributed
train_ft.initialize_distributed = lambda **settings: dataclasses.replace(initialize(**settings), device=CPU)

recipe = train_ft.TrainFinetuneRecipeForNextTokenPrediction(load_yaml_config(sys.argv[1]))
recipe.setup()
recipe.run_train_validation_loop()
