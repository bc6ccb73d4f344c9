import { z } from 'zod';
import { textOf } from './text-of.ts';

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
  .optional()
  .transform((sent) => (sent === null || sent === undefined ? '' : typeof sent === 'string' ? sent : JSON.stringify(sent)));

const CalledFunction = z.looseObject({ name: text, arguments: callArguments });
export type CalledFunction = z.infer<typeof CalledFunction>;

const called = CalledFunction.nullish().catch(undefined);

/** Some servers leave out the function around its name and arguments. */
const WireCall = CalledFunction.extend({ index: place, id: name, function: called });
export type WireCall = z.infer<typeof WireCall>;

/** A list, or its only entry alone. */
const listOf = <Entry extends z.ZodType>(entry: Entry) => z.union([z.array(entry), entry.transform((one) => [one])]);

/** Blocks of a message: parts of the content, details of reasoning. */
const Block = z.record(z.string(), z.unknown());
export type Block = z.infer<typeof Block>;

const blocks = z.array(Block).nullish().catch(undefined);

/** Reasoning: text, or text within parts and objects. */
const thought = z.unknown().optional().transform(textOf);

const WireMessage = z.looseObject({
  content: z.union([z.string(), listOf(z.union([Block, z.string()]))]).nullish(),
  reasoning_content: thought,
  reasoning: thought,
  reasoning_text: thought,
  thinking: thought,
  reasoning_details: blocks,
  thinking_blocks: blocks,
  refusal: text,
  tool_calls: listOf(WireCall.nullable()).nullish(),
  /** The form before `tool_calls`; servers that send both send the same call twice. */
  function_call: called,
});
export type WireMessage = z.infer<typeof WireMessage>;

/** Some servers write the word for nothing until there is a reason. */
const finishReason = z
  .union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)])
  .transform((reason) => (/^(?:null|none|)$/i.test(reason) ? undefined : reason))
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
