import { z } from 'zod';

/**
 * The shapes of answers as servers send them. They differ in everything that is optional here, and what is odd beside the
 * reply must not cost the reply: a field of a form that nobody knows counts as missing.
 */

const text = z.string().nullish().catch(undefined);

/** Numbers come as text too; other things say nothing. */
const place = z
  .union([z.int().min(0), z.string().regex(/^\d+$/).transform(Number)])
  .nullish()
  .catch(undefined);

const name = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined);

/** The model's own words where they are text; anything else is written as JSON. */
const callArguments = z
  .unknown()
  .transform((sent) => (sent === null || sent === undefined ? '' : typeof sent === 'string' ? sent : JSON.stringify(sent)));

const CalledFunction = z.looseObject({ name: text, arguments: callArguments });
export type CalledFunction = z.infer<typeof CalledFunction>;

const called = CalledFunction.nullish().catch(undefined);

const WireCall = z.looseObject({ index: place, id: name, function: called });
export type WireCall = z.infer<typeof WireCall>;

/** Blocks of a message: parts of the content, details of reasoning. */
const Block = z.record(z.string(), z.unknown());
export type Block = z.infer<typeof Block>;

const blocks = z.array(Block).nullish().catch(undefined);

const WireMessage = z.looseObject({
  content: z.union([z.string(), z.array(z.union([Block, z.string()]))]).nullish(),
  reasoning_content: text,
  reasoning: text,
  thinking: text,
  reasoning_details: blocks,
  thinking_blocks: blocks,
  refusal: text,
  tool_calls: z.array(WireCall.nullable()).nullish(),
  /** The form before `tool_calls`; servers that send both send the same call twice. */
  function_call: called,
});
export type WireMessage = z.infer<typeof WireMessage>;

const finishReason = z
  .union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)])
  .nullish()
  .catch(undefined);

const Choice = z.looseObject({
  index: place,
  delta: WireMessage.nullish(),
  message: WireMessage.nullish(),
  finish_reason: finishReason,
  usage: z.unknown().optional(),
});

/** A chunk of a stream, or a whole answer. */
export const WireAnswer = z.looseObject({
  object: text,
  model: text,
  choices: z.array(Choice.nullable()).nullish(),
  usage: z.unknown().optional(),
});
