import { z } from 'zod';

/**
 * What pages show of one rollout or trajectory: a head, an index of its turns in columns, and the turns themselves in
 * chunks. A server makes them when they are asked for; a bundle holds the same as files. Nothing of it grows with the
 * length of one value: long texts are cut here and lie apart as blobs.
 */

/** A text as shown. One of more than 64 KiB of UTF-8 is cut: its first and last part, with all of it under `blob`. */
export const Clip = z.union([
  z.object({ text: z.string() }),
  z.object({ head: z.string(), tail: z.string(), /** Of the whole text, in UTF-8. */ bytes: z.int().min(0), blob: z.string() }),
]);
export type Clip = z.infer<typeof Clip>;

/** What a page marks in a text: UTF-16 offsets into the whole text, and which finding of the head it shows. */
export const Mark = z.object({ start: z.int().min(0), end: z.int().min(0), finding: z.int().min(0) });
export type Mark = z.infer<typeof Mark>;

/** One thing that a turn holds, in the order it happened. */
export const Part = z.object({
  kind: z.enum(['prompt', 'thinking', 'reply', 'call', 'result', 'patch', 'note', 'field']),
  /** The role of a prompt, the tool of a call or result, the event of a note, the name of a field of a file; empty otherwise. */
  name: z.string(),
  body: Clip,
  /** How the body is best shown; `ansi` for what a terminal printed. */
  form: z.enum(['text', 'markdown', 'json', 'shell', 'diff', 'ansi']),
  marks: z.array(Mark),
  /** Null where nothing says. */
  failed: z.boolean().nullable(),
  exit_code: z.int().nullable(),
  duration_ms: z.number().min(0).nullable(),
});
export type Part = z.infer<typeof Part>;

/** One row of a transcript: the prompts, one model exchange with what its calls gave, or what came after the last. */
export const TurnView = z.object({
  /** From 0, in the order of the run; never given twice and never changed. */
  seq: z.int().min(0),
  kind: z.enum(['prompt', 'turn', 'patch', 'note']),
  /** The harness's turn, from 0; null for prompts, patch and notes. */
  turn: z.int().min(0).nullable(),
  /** Milliseconds since the epoch; null where the source does not say. */
  at: z.int().nullable(),
  prompt_tokens: z.int().min(0).nullable(),
  completion_tokens: z.int().min(0).nullable(),
  latency_ms: z.number().min(0).nullable(),
  parts: z.array(Part),
});
export type TurnView = z.infer<typeof TurnView>;

/** Turns that lie together under one address, whole. */
export const TurnChunk = z.object({ chunk: z.int().min(0), turns: z.array(TurnView) });
export type TurnChunk = z.infer<typeof TurnChunk>;

/**
 * What is known of each of `count` turns from `from` on without its body, in columns of the same length. `flags`: 1 a
 * call or the model failed, 2 a finding, 4 of low value and neither of these, 8 it holds a cut text.
 */
export const TurnIndex = z.object({
  from: z.int().min(0),
  count: z.int().min(0),
  chunk: z.array(z.int().min(0)),
  kind: z.array(TurnView.shape.kind),
  bytes: z.array(z.int().min(0)),
  tokens: z.array(z.int().min(0)),
  flags: z.array(z.int().min(0)),
  /** Milliseconds since the epoch, 0 where unknown. */
  at: z.array(z.int()),
});
export type TurnIndex = z.infer<typeof TurnIndex>;

/** Turns in one page of the index. */
export const indexPageTurns = 5000;

/** What stands beside a finding: which rule, how sure, in which turn. */
export const ShownFinding = z.object({
  category: z.string(),
  rule: z.string(),
  severity: z.enum(['note', 'violation']),
  succeeded: z.boolean(),
  evidence: z.string(),
  command: z.string(),
  seq: z.int().min(0),
});
export type ShownFinding = z.infer<typeof ShownFinding>;

/** One fact with its name, for facts that differ from source to source; fields that nobody understood are here too. */
export const Fact = z.object({ name: z.string(), value: z.string() });
export type Fact = z.infer<typeof Fact>;

/** What a filter decided, for people. */
export const ShownDecision = z.object({
  rule: z.string(),
  version: z.int().min(0),
  decision: z.enum(['keep', 'drop', 'note', 'not_judged']),
  reason: z.string(),
  /** The turn that shows it; null where the decision is about no turn. */
  seq: z.int().min(0).nullable(),
});
export type ShownDecision = z.infer<typeof ShownDecision>;

/** One test behind a verdict. */
export const ShownTest = z.object({ name: z.string(), wanted: z.string(), got: z.string(), ok: z.boolean() });
export type ShownTest = z.infer<typeof ShownTest>;

/** The head of a transcript: all that a page needs before the first turn. */
export const TranscriptHead = z.object({
  id: z.string(),
  title: z.string(),
  /** Stands in a rollout that goes on: its index and chunks still grow. */
  open: z.boolean(),
  /** Goes up whenever anything of the transcript changed. */
  version: z.string(),
  /** Another number than before: the rollout was begun again from its start, and no earlier answer about it holds. */
  again: z.int().min(0).optional(),
  turns: z.int().min(0),
  bytes: z.int().min(0),
  chunks: z.int().min(0),
  /** Turns with the error flag and with a finding, by seq; at most 10,000 of each, `more` says that there are others. */
  errors: z.object({ seqs: z.array(z.int().min(0)), more: z.boolean() }),
  findings: z.array(ShownFinding),
  facts: z.array(Fact),
  ending: z.string().nullable(),
  /** 1, 0 or -1; null where nothing judged it. */
  resolved: z.int().min(-1).max(1).nullable(),
  tests: z.array(ShownTest),
  decisions: z.array(ShownDecision),
  fate: z.string().nullable(),
  /** The change it leaves; null while there is none. */
  patch: Clip.nullable(),
  /** What could not be read or is not shown, one reason each; a page says it at the top. */
  unread: z.array(z.string()),
});
export type TranscriptHead = z.infer<typeof TranscriptHead>;
