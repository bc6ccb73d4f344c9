import { z } from 'zod';
import type { ToolDefinition } from '../../../schemas/message.ts';
import { isUnknown } from '../../../schemas/row-origin.ts';
import type { Trajectory } from '../../../schemas/trajectory.ts';
import { factOfEach } from '../../rollout/index.ts';
import { type PlacedCall, placedCalls } from '../calls.ts';
import { defineFilter, excerpt, fine, notJudged, violation } from '../filter.ts';

/** Codes by which harnesses refuse a call that cannot be executed. Blocked commands and shell syntax are no fault of the call. */
const malformedCodes = ['unknown_tool', 'invalid_command', 'invalid_json', 'missing_arg', 'unexpected_arg', 'incorrect_args'];

const overlooked = Object.values(factOfEach(({ overlookedArguments }) => overlookedArguments)).flat();

/** A call that cannot be executed as sent: no JSON object, an unknown tool, a missing or mistyped parameter. */
export const malformedCalls = defineFilter({
  id: 'malformed_calls',
  version: 2,
  asks: 'Every call could be executed as it was sent.',
  parameters: z.strictObject({
    tolerated: z.int().min(0).default(0),
    /** Codes of a harness for a malformed call. */
    codes: z.array(z.string()).default(malformedCodes),
  }),
  check({ trajectory }, { tolerated, codes }) {
    const { refused, seen } = malformed(trajectory, codes);
    const count = Math.max(refused.length, seen.length);
    if (count <= tolerated && isUnknown(trajectory.origin, 'tools'))
      return notJudged('tools', count === 0 ? 'every call holds a JSON object' : `${count} calls hold none, ${tolerated} tolerated`);
    if (count <= tolerated) return fine(count === 0 ? 'every call was well-formed' : `${count} malformed calls, ${tolerated} tolerated`);
    return violation(`${count} malformed calls`, [...seen, ...refused]);
  },
});

/** How many calls of a trajectory could not be executed as they were sent. */
export function malformedCount(trajectory: Trajectory): number {
  const { refused, seen } = malformed(trajectory, malformedCodes);
  return Math.max(refused.length, seen.length);
}

/** Calls that the harness refused, and those whose text shows why they cannot be executed; mostly the same ones. */
function malformed({ turns, messages, tools, origin }: Trajectory, codes: readonly string[]) {
  const known = isUnknown(origin, 'tools') ? null : tools;
  const refused = turns.flatMap(({ turn, errors }) =>
    errors.filter((code) => codes.includes(code)).map((code) => ({ text: `the harness refused it: ${code}`, turn })),
  );
  const seen = placedCalls(messages).flatMap((call) => {
    const fault = faultOf(call, known);
    return fault === null ? [] : [{ text: `${fault}: ${call.name} ${excerpt(call.arguments)}`, turn: call.turn, call: call.call }];
  });
  return { refused, seen };
}

/** `tools`: null where nobody says which there were. */
function faultOf(call: PlacedCall, tools: ToolDefinition[] | null): string | null {
  const tool = tools?.find((candidate) => candidate.function.name === call.name);
  if (tools !== null && tool === undefined) return 'unknown tool';
  const values = parseObject(call.arguments);
  if (values === null) return 'arguments are not a JSON object';
  if (tool === undefined) return null;
  const { properties, required } = Parameters.parse(tool.function.parameters);
  const missing = required.filter((name) => !(name in values) && !overlooked.includes(`${call.name}.${name}`));
  if (missing.length > 0) return `missing ${missing.join(', ')}`;
  const wrong = Object.entries(values).filter(([name, value]) => !hasType(value, properties[name]?.type));
  return wrong.length > 0 ? `wrong type of ${wrong.map(([name]) => name).join(', ')}` : null;
}

const Parameters = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ type: z.union([z.string(), z.array(z.string())]).optional() })).default({}),
  required: z.array(z.string()).default([]),
});

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Null stands for a parameter left out; a harness takes numbers and integers also as text. */
function hasType(value: unknown, type: string | string[] | undefined): boolean {
  if (type === undefined || value === null) return true;
  return [type].flat().some((name) => isOfType(value, name));
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
    case 'integer':
      return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    default:
      return true;
  }
}
