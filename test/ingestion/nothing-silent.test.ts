import { describe, expect, it } from 'vitest';
import { originOf, readRecord } from '../../activities/ingestion/index.ts';
import { IngestedTrajectory } from '../../schemas/ingested.ts';
import { args, output, shapes } from './shapes.ts';

const origin = originOf('rows.jsonl', { unit: 'line', number: 1 });

type Change = [key: string, value: unknown];

/** A value with the key at one place renamed; counts places in the order of reading, undefined beyond the last. */
function renamed(value: unknown, at: number): { value: unknown; key: string } | undefined {
  let place = -1;
  let found = '';
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]): Change => {
        place += 1;
        if (place !== at) return [key, walk(inner)];
        found = key;
        return [`odd_${key}`, inner];
      }),
    );
  };
  const changed = walk(value);
  return found === '' ? undefined : { value: changed, key: found };
}

/** Whether a record was refused, or says that something of it was lost, or has the call and its result. */
function isHonest(value: unknown): boolean {
  return readRecord(value, origin).every((reading) => {
    if (!reading.ok || reading.trajectory.lost.length > 0) return true;
    const { messages } = reading.trajectory;
    const called = messages.some(
      (message) =>
        message.role === 'assistant' && (message.tool_calls ?? []).some((call) => call.function.arguments.includes(args.command)),
    );
    return called && messages.some(({ role, content }) => role === 'tool' && content.includes(output.trim()));
  });
}

describe('a call and its result are read or said to be lost', () => {
  it.each(shapes)('whichever key is another in %s', (_name, shape) => {
    const value = Array.isArray(shape) ? { messages: shape } : shape;
    const silent: string[] = [];
    for (let at = 0, change = renamed(value, at); change !== undefined; at += 1, change = renamed(value, at)) {
      if (!isHonest(change.value)) silent.push(`${change.key} at ${at}`);
    }
    expect(silent).toEqual([]);
  });
});

/** Deterministic numbers below a bound. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

describe('records of any shape', () => {
  it('are read or refused, never thrown at, and what is read fits the one format', () => {
    const random = numbers(5);
    const odd: unknown[] = [
      null,
      '',
      'x',
      '[{"type": "text"',
      '{',
      0,
      3.5,
      true,
      [],
      {},
      [[]],
      [null],
      [{}],
      { type: 'tool_use' },
      { role: 'tool' },
      ['<tool_call>'],
    ];
    const pick = () => odd[random(odd.length)];
    const mutated = (value: unknown): unknown => {
      if (random(12) === 0) return pick();
      if (Array.isArray(value)) return value.map(mutated);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]): Change => [key, mutated(inner)]));
    };
    let read = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const shape = shapes[random(shapes.length)]?.[1];
      for (const reading of readRecord(mutated(Array.isArray(shape) ? { messages: shape } : shape), origin)) {
        if (!reading.ok) continue;
        IngestedTrajectory.parse(reading.trajectory);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(1_000);
  });
});
