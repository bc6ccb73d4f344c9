"""Counts the tokens of rows as a trainer's loader does: render with the template, then encode. Two processes, as many as cores.

count_tokens.py TOKENIZER TEMPLATE ROWS FILE prints seconds and whether the counts equal those in the rows."""

import json
import os
import sys
import time
from multiprocessing import Pool

# One thread a process: the processes share the cores.
os.environ["TOKENIZERS_PARALLELISM"] = "false"

from transformers import PreTrainedTokenizerFast

tokenizer = PreTrainedTokenizerFast(tokenizer_file=sys.argv[1])
with open(sys.argv[2]) as file:
    template = file.read()


def differs(line: str) -> bool:
    row = json.loads(line)
    text = tokenizer.apply_chat_template(row["messages"], tools=row["tools"], chat_template=template, tokenize=False)
    return len(tokenizer(text, add_special_tokens=False)["input_ids"]) != row["n_tokens"]


if __name__ == "__main__":
    with open(sys.argv[4]) as file:
        lines = [line for _, line in zip(range(int(sys.argv[3])), file)]
    with Pool(2) as pool:
        pool.map(differs, lines[:2])
        started = time.monotonic()
        other = sum(pool.map(differs, lines, chunksize=5))
    print(json.dumps({"seconds": time.monotonic() - started, "rows": len(lines), "other": other}))
