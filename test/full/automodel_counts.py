"""Prints, for each row, the tokens and the trained tokens that NeMo AutoModel's ChatDataset makes of it.

    python automodel_counts.py MODEL ROWS TEMPLATE
"""

import json
import sys

from nemo_automodel._transformers.auto_tokenizer import NeMoAutoTokenizer
from nemo_automodel.components.datasets.llm.chat_dataset import ChatDataset

model, rows, template = sys.argv[1:]
dataset = ChatDataset(rows, NeMoAutoTokenizer.from_pretrained(model), chat_template=template, unshifted=True)
for number in range(len(dataset)):
    sample = dataset[number]
    print("counted " + json.dumps({"row": number, "tokens": len(sample["input_ids"]), "trained_tokens": sum(sample["loss_mask"])}))
