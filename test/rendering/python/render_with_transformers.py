"""Renders and encodes conversations with transformers, by the template files and the tokenizer file given.

usage: render_with_transformers.py TOKENIZER_JSON BASE=TEMPLATE... < rows.jsonl > results.jsonl

A row is {"base", "messages", "tools", ...}; further keys are arguments of the template. A result is {"text", "ids",
"mask"}, or {"error"}. With "add_generation_prompt" there is no mask.
"""

import json
import sys

from transformers import PreTrainedTokenizerFast


def main() -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=sys.argv[1], clean_up_tokenization_spaces=False)
    templates = {}
    for argument in sys.argv[2:]:
        base, path = argument.split("=", 1)
        with open(path, encoding="utf-8", newline="") as file:
            templates[base] = file.read()
    for line in sys.stdin.buffer:
        row = json.loads(line)
        try:
            result = render(tokenizer, templates[row.pop("base")], row)
        except Exception as error:  # noqa: BLE001 - the caller compares what is refused
            result = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(result) + "\n")


def render(tokenizer, template: str, row: dict) -> dict:
    messages, tools = row.pop("messages"), row.pop("tools", None)
    common = {"tools": tools or None, "chat_template": template, **row}
    text = tokenizer.apply_chat_template(messages, tokenize=False, **common)
    if row.get("add_generation_prompt"):
        ids = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, **common)["input_ids"]
        return {"text": text, "ids": ids}
    encoded = tokenizer.apply_chat_template(
        messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True, **common
    )
    return {"text": text, "ids": encoded["input_ids"], "mask": encoded["assistant_masks"]}


main()
