"""Trains a student with TRL's SFTTrainer, as `trainer.json` beside this file says.

Rows are rendered and masked here, by the chat template with its generation marks: a table of rows would put nulls under
every key that some other row has. Nothing is ever cut; a row that is too long ends the run before the first step. Run again
on the same folder it goes on from the newest complete checkpoint.
"""

import json
import os
import pathlib
import shutil
import sys

import tracemill_watch
from tracemill_watch import say

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = json.loads((HERE / "trainer.json").read_text(encoding="utf-8"))
CHECKPOINTS = pathlib.Path(CONFIG["checkpoints"])
MODEL = pathlib.Path(CONFIG["final_model"])
IS_MAIN = int(os.environ.get("RANK", "0")) == 0


def fail(message: str) -> None:
    """Ends the run for a reason that another try would meet again."""
    print(f"tracemill-error: {message}", file=sys.stderr, flush=True)
    raise SystemExit(3)


def rows():
    """The training rows with their file and line, in order."""
    for path in CONFIG["files"]:
        # Not splitlines(): it also splits at signs that may stand inside a JSON string.
        with open(path, encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield f"{path}:{number}", json.loads(line)
                    except ValueError as error:
                        fail(f"{path}:{number}: no JSON: {error}")


def encoded(tokenizer, template: str):
    """Token ids of each row, with labels for what is trained alone."""
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    for place, row in rows():
        messages, tools = row["messages"], row.get("tools")
        turns = sum(message["role"] == "assistant" for message in messages)
        made = tokenizer.apply_chat_template(
            messages,
            tools=json.loads(tools) if isinstance(tools, str) else tools or None,
            chat_template=template,
            tokenize=True,
            return_dict=True,
            return_assistant_tokens_mask=True,
        )
        ids, mask = made["input_ids"], made["assistant_masks"]
        if len(ids) > CONFIG["max_tokens"]:
            fail(f"{place}: the row has {len(ids)} tokens, and max_tokens is {CONFIG['max_tokens']}")
        ends = sum(trained and token == end for token, trained in zip(ids, mask))
        # A reply may quote the token besides.
        if turns == 0 or ends < turns:
            fail(f"{place}: {turns} assistant turns, and the end of {ends} is trained")
        yield {"input_ids": ids, "labels": [token if trained else -100 for token, trained in zip(ids, mask)]}


def counted(dataset) -> None:
    """Writes how many tokens each row has, and how many of them are trained, and says the sums."""
    sums = {"rows": len(dataset), "tokens": 0, "trained_tokens": 0}
    partial = HERE / "row-tokens.jsonl.partial"
    with open(partial, "w", encoding="utf-8") as out:
        for number, row in enumerate(dataset):
            trained = sum(label != -100 for label in row["labels"])
            out.write(json.dumps({"row": number, "tokens": len(row["input_ids"]), "trained_tokens": trained}) + "\n")
            sums["tokens"] += len(row["input_ids"])
            sums["trained_tokens"] += trained
    partial.replace(HERE / "row-tokens.jsonl")
    say(**sums)


def newest_checkpoint():
    """The newest complete checkpoint: its state is what the trainer writes last. Others are removed, since they were torn."""
    found = []
    for folder in CHECKPOINTS.glob("checkpoint-*"):
        try:
            found.append((json.loads((folder / "trainer_state.json").read_text())["global_step"], str(folder)))
        except (OSError, ValueError, KeyError):
            if IS_MAIN:
                shutil.rmtree(folder, ignore_errors=True)
    return max(found, default=(0, None))


def keep(trainer) -> None:
    """The finished student, whole or not at all, with tokenizer and chat template as they were, byte for byte."""
    partial = MODEL.with_name(MODEL.name + ".partial")
    if IS_MAIN:
        shutil.rmtree(partial, ignore_errors=True)
    trainer.save_model(str(partial))
    if not IS_MAIN:
        return
    base = pathlib.Path(CONFIG["model"])
    for name in ("tokenizer.json", "vocab.json", "merges.txt", "generation_config.json"):
        if (base / name).is_file():
            shutil.copyfile(base / name, partial / name)
    source = base if (base / "tokenizer_config.json").is_file() else partial
    settings = json.loads((source / "tokenizer_config.json").read_text(encoding="utf-8"))
    # The base's own template may stand here, too.
    settings.pop("chat_template", None)
    (partial / "tokenizer_config.json").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.copyfile(CONFIG["chat_template"], partial / "chat_template.jinja")
    (partial / "training_args.bin").unlink(missing_ok=True)
    partial.replace(MODEL)


def main() -> None:
    if MODEL.is_dir():
        say(finished=str(MODEL))
        return
    import datasets
    import torch
    from accelerate import PartialState
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(
        output_dir=str(CHECKPOINTS),
        # Rows were measured already, and one that is cut would teach no end.
        max_length=None,
        packing=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        logging_steps=1,
        logging_first_step=True,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to="none",
        save_strategy="steps",
        **CONFIG["arguments"],
    )
    tokenizer = AutoTokenizer.from_pretrained(CONFIG["model"])
    template = pathlib.Path(CONFIG["chat_template"]).read_text(encoding="utf-8")
    # One process of a machine makes the table, the others read it.
    with PartialState().local_main_process_first():
        dataset = datasets.Dataset.from_generator(
            encoded,
            gen_kwargs={"tokenizer": tokenizer, "template": template},
            features=datasets.Features({"input_ids": datasets.List(datasets.Value("int32")), "labels": datasets.List(datasets.Value("int32"))}),
            cache_dir=str(HERE / "rows"),
        )
    if IS_MAIN:
        counted(dataset)
    model = AutoModelForCausalLM.from_pretrained(CONFIG["model"], dtype=getattr(torch, CONFIG["dtype"]), attn_implementation="sdpa")
    if CONFIG["router_aux_loss"] > 0:
        model.config.output_router_logits = True
        model.config.router_aux_loss_coef = model.router_aux_loss_coef = CONFIG["router_aux_loss"]
    trainer = SFTTrainer(model=model, args=arguments, train_dataset=dataset, processing_class=tokenizer, callbacks=[tracemill_watch.watch()])
    step, checkpoint = newest_checkpoint()
    if checkpoint is not None:
        say(step=step, resumed_from=pathlib.Path(checkpoint).name)
    if tracemill_watch.asked_to_stop():
        say(stopped=step)
        return
    trainer.train(resume_from_checkpoint=checkpoint)
    if trainer.state.global_step < trainer.state.max_steps:
        say(stopped=trainer.state.global_step)
        return
    keep(trainer)
    if IS_MAIN:
        shutil.rmtree(HERE / "rows", ignore_errors=True)
    say(finished=str(MODEL))


main()
