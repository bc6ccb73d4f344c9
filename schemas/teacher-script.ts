import { z } from 'zod';
import { HarnessName } from './names.ts';
import { ReasoningForm } from './reasoning-form.ts';
import { ContextWording, ErrorForm, RefusalWording, TeacherQuirk } from './teacher-quirk.ts';

const path = z.string().min(1);

/**
 * One tool call of a scripted turn. All but the last form are spelt for the harness that asks, so that one
 * script serves both; `tool` is sent as written, with `arguments` verbatim when it is a string (also a broken one).
 */
export const ScriptedCall = z.union([
  z.strictObject({ run: z.string(), timeout: z.number().positive().optional(), is_input: z.boolean().optional() }),
  z.strictObject({ view: path, view_range: z.tuple([z.int(), z.int()]).optional() }),
  z.strictObject({ create: path, file_text: z.string() }),
  z.strictObject({ str_replace: path, old_str: z.string(), new_str: z.string().optional() }),
  z.strictObject({ insert: path, insert_line: z.int(), new_str: z.string() }),
  z.strictObject({ undo_edit: path }),
  z.strictObject({ think: z.string() }),
  z.strictObject({ finish: z.string() }),
  z.strictObject({
    tool: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).default({}),
    /** Null sends the call without an id. */
    id: z.string().nullable().optional(),
  }),
]);
export type ScriptedCall = z.infer<typeof ScriptedCall>;

const attempts = z
  .union([z.int().min(1), z.literal('forever')])
  .default(1)
  .describe('how many attempts of one exchange it affects; the next one succeeds');

/** What goes wrong with an answer. */
export const Misbehaviour = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rate_limited'),
    attempts,
    /** Value of the Retry-After header: seconds, or an HTTP date. */
    retry_after: z.union([z.number().min(0), z.string()]).optional(),
  }),
  z.strictObject({
    kind: z.literal('server_error'),
    attempts,
    status: z.int().min(400).max(599).default(500),
    /** `code` of the error body. */
    code: z.string().default('server_error'),
    message: z.string().default('the scripted teacher was told to fail'),
    /** The error body repeats the key that the request carried. */
    echo_key: z.boolean().default(false),
  }),
  /** As a server that does not know the key. */
  z.strictObject({ kind: z.literal('key_refused'), attempts }),
  /** As a server whose account has no credit. */
  z.strictObject({ kind: z.literal('no_quota'), attempts, status: z.union([z.literal(402), z.literal(429)]).default(429) }),
  z.strictObject({ kind: z.literal('cut_stream'), attempts, after_chunks: z.int().min(0).default(2) }),
  z.strictObject({ kind: z.literal('stalled_stream'), attempts, after_chunks: z.int().min(0).default(2) }),
  z.strictObject({ kind: z.literal('bad_json'), attempts, after_chunks: z.int().min(0).default(1) }),
  z.strictObject({ kind: z.literal('missing_finish'), attempts }),
  z.strictObject({ kind: z.literal('missing_usage'), attempts }),
  z.strictObject({ kind: z.literal('slow'), attempts, tokens_per_second: z.number().positive() }),
  z.strictObject({ kind: z.literal('dropped_connection'), attempts }),
  /** An error that passes, under HTTP 200. `after_chunks`: of a stream. */
  z.strictObject({
    kind: z.literal('error_in_200'),
    attempts,
    form: ErrorForm.default('any'),
    after_chunks: z.int().min(0).default(2),
  }),
  /** As servers that are asked for more than their context: asking again does not help. */
  z.strictObject({ kind: z.literal('context_full'), attempts: attempts.default('forever'), wording: ContextWording.default('any') }),
  /** As providers whose filter stops the request. */
  z.strictObject({ kind: z.literal('refused'), attempts: attempts.default('forever'), wording: RefusalWording.default('any') }),
]);
export type Misbehaviour = z.infer<typeof Misbehaviour>;

/** One answer of the teacher. */
export const ScriptedTurn = z.strictObject({
  /** Sent only to requests that ask for reasoning. */
  reasoning: z.string().optional(),
  text: z.string().default(''),
  calls: z.array(ScriptedCall).default([]),
  /** How many turns it answers. */
  repeat: z.union([z.int().min(1), z.literal('forever')]).default(1),
  /** By default `tool_calls` with calls and `stop` without. */
  finish_reason: z.string().optional(),
  misbehave: z.array(Misbehaviour).default([]),
  /** Odd forms of its answer. */
  quirks: z.array(TeacherQuirk).optional(),
});
export type ScriptedTurn = z.infer<typeof ScriptedTurn>;

/** Where a reply's reasoning is put. `both`: a field and an inline copy. */
export const SpokenReasoning = z.enum([...ReasoningForm.options, 'inline_unopened', 'both']);
export type SpokenReasoning = z.infer<typeof SpokenReasoning>;

/** Which requests a script answers; every condition given must hold. */
const ScriptMatch = z.strictObject({
  model: z.string().optional(),
  thinking: z.boolean().optional(),
  harness: HarnessName.optional(),
  /** A text that the system or first user message holds. */
  task: z.string().min(1).optional(),
  /** A regular expression for the same messages; its named groups become values for templates. */
  pattern: z.string().optional(),
  /** Header name → regular expression for its value. */
  headers: z.record(z.string(), z.string()).default({}),
});

/**
 * What the scripted teacher says to one kind of rollout. `${{name}}` in any text of a turn is replaced by a value:
 * `values` below, named groups of `match.pattern`, and `harness`, `mode`, `model`, `turn`, `repetition`.
 */
export const TeacherScript = z.strictObject({
  name: z.string().min(1),
  match: ScriptMatch.prefault({}),
  values: z.record(z.string(), z.string()).default({}),
  turns: z.array(ScriptedTurn).min(1),
  /** After the last turn: the last one again, or a line of text without calls. */
  afterwards: z.enum(['repeat_last', 'text']).default('repeat_last'),
  /** Where reasoning is put; `inline_unopened` leaves out the opening tag, as servers do whose template holds it. */
  reasoning_field: SpokenReasoning.default('reasoning_content'),
  /** Forms of earlier reasoning that count as part of the prompt; any other is dropped without a word. By default all count. */
  reads_reasoning: z.array(ReasoningForm).optional(),
  /** Refuses requests that strict servers refuse: half of a surrogate pair, arguments that are no JSON object, ids that do not match. */
  strict: z.boolean().optional(),
  latency_ms: z.number().min(0).optional(),
  tokens_per_second: z.number().positive().optional(),
});
export type TeacherScript = z.infer<typeof TeacherScript>;

/** A script file: one script, or several under `scripts`. The first script that matches a request answers it. */
export const TeacherScriptFile = z.preprocess(
  (document) => (typeof document === 'object' && document !== null && 'scripts' in document ? document.scripts : [document]),
  z.array(TeacherScript).min(1),
);
