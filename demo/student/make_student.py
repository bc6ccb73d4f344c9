"""Writes a small random Qwen3-MoE with its tokenizer as a folder in the form of Hugging Face.

    python make_student.py OUT --tokenizer tokenizer.json --template template.jinja [--merges N] [--seed N]

The model has every part of the large one (grouped attention, experts with a router), so that trainers and servers run the
same code on it. It knows nothing. The same arguments give the same files.
"""

import argparse
import json
import pathlib

import torch
from transformers import GenerationConfig, Qwen3MoeConfig, Qwen3MoeForCausalLM

CONTEXT = 262_144


def shortened(tokenizer: dict, merges: int) -> dict:
    """The tokenizer with its first merges only: its other words fall into more tokens. Added tokens keep their order."""
    vocabulary = tokenizer["model"]["vocab"]
    size = 256 + merges
    kept = {token: number for token, number in vocabulary.items() if number < size}
    if sorted(kept.values()) != list(range(size)):
        raise SystemExit(f"the first {size} tokens of the tokenizer are not its bytes and first merges")
    model = {**tokenizer["model"], "vocab": kept, "merges": tokenizer["model"]["merges"][:merges]}
    added = [{**token, "id": size + place} for place, token in enumerate(tokenizer["added_tokens"])]
    return {**tokenizer, "model": model, "added_tokens": added}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--tokenizer", type=pathlib.Path, required=True)
    parser.add_argument("--template", type=pathlib.Path, required=True)
    parser.add_argument("--merges", type=int, help="of the tokenizer; all by default")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)

    text = arguments.tokenizer.read_text(encoding="utf-8")
    tokenizer = json.loads(text)
    if arguments.merges is not None:
        tokenizer = shortened(tokenizer, arguments.merges)
        text = json.dumps(tokenizer, ensure_ascii=False)
    (out / "tokenizer.json").write_text(text, encoding="utf-8")
    ids = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    end, pad = ids["<|im_end|>"], ids["<|endoftext|>"]
    settings = {
        "tokenizer_class": "Qwen2Tokenizer",
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "errors": "replace",
        "split_special_tokens": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": CONTEXT,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    (out / "chat_template.jinja").write_bytes(arguments.template.read_bytes())

    torch.manual_seed(arguments.seed)
    # A head of 16 trains as well, but the server's attention on a CPU dies of it at the first request.
    config = Qwen3MoeConfig(
        vocab_size=max(ids.values()) + 1,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        num_experts=4,
        num_experts_per_tok=2,
        moe_intermediate_size=64,
        norm_topk_prob=True,
        decoder_sparse_step=1,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=False,
        bos_token_id=pad,
        eos_token_id=end,
        pad_token_id=pad,
        dtype="float32",
    )
    model = Qwen3MoeForCausalLM(config)
    model.generation_config = GenerationConfig(bos_token_id=pad, eos_token_id=[end, pad], pad_token_id=pad)
    model.save_pretrained(out)
    print(json.dumps({"parameters": sum(part.numel() for part in model.parameters()), "tokens": config.vocab_size}))


main()
