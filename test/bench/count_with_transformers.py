"""Counts the rows of a file and prints what processor time the counting alone took, as JSON.

usage: count_with_transformers.py TOKENIZER_JSON TEMPLATE ROWS
"""

import json
import resource
import sys
import time

from transformers import PreTrainedTokenizerFast

tokenizer = PreTrainedTokenizerFast(tokenizer_file=sys.argv[1], clean_up_tokenization_spaces=False)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    template = file.read()
seconds, tokens, trained = 0.0, 0, 0
with open(sys.argv[3], encoding="utf-8") as rows:
    for line in rows:
        row = json.loads(line)
        user = next(message for message in row["messages"] if message["role"] == "user")
        user["content"] += "\n\n/think" if row["mode"] == "think" else "\n\n/no_think"
        started = time.process_time()
        encoded = tokenizer.apply_chat_template(
            row["messages"], tools=row["tools"], chat_template=template, tokenize=True, return_dict=True, return_assistant_tokens_mask=True
        )
        seconds += time.process_time() - started
        tokens += len(encoded["input_ids"])
        trained += sum(encoded["assistant_masks"])
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "tokens": tokens, "trained_tokens": trained, "most_memory": most}))
