"""What Tracemill needs of every trainer that is built on the Trainer of transformers: lines that say how far it is, and a
checkpoint with a clean end on SIGUSR1. To be imported before torch: without a handler the signal would end the process.
"""

import json
import math
import os
import signal

_asked = False


def _ask(number, frame):
    global _asked
    _asked = True


signal.signal(signal.SIGUSR1, _ask)


def asked_to_stop() -> bool:
    """Whether any rank was asked to write a checkpoint and to end. Every rank gets the same answer at the same step."""
    import torch

    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return _asked
    device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
    answer = torch.tensor([int(_asked)], device=device)
    torch.distributed.all_reduce(answer, op=torch.distributed.ReduceOp.MAX)
    return bool(answer.item())


def say(**facts) -> None:
    """One line for the worker that reads the output. Rank 0 speaks for all."""
    if int(os.environ.get("RANK", "0")) == 0:
        print("tracemill " + json.dumps(facts), flush=True)


def watch():
    """The callback that reports steps and checkpoints and listens to the signal."""
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        def on_log(self, arguments, state, control, logs=None, **rest):
            # The summary at the end of training has `train_loss` instead.
            if not logs or "loss" not in logs:
                return
            loss = float(logs["loss"])
            if not math.isfinite(loss):
                raise FloatingPointError(f"tracemill-error: the loss of step {state.global_step} is not a number: {loss}")
            say(step=state.global_step, total=state.max_steps, loss=loss)

        def on_step_end(self, arguments, state, control, **rest):
            if asked_to_stop():
                control.should_save = True
                control.should_training_stop = True

        def on_save(self, arguments, state, control, **rest):
            say(step=state.global_step, checkpoint=f"checkpoint-{state.global_step}")

    return Watch()
