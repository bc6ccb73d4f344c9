import { fileURLToPath } from 'node:url';
import { readTrajectories, type ReadTrajectoriesOptions, type TrajectoryInput } from '../../activities/ingestion/read-trajectories.ts';
import { IngestedTrajectory } from '../../schemas/ingested.ts';
import { placeText } from '../../schemas/place.ts';
import type { Message } from '../../schemas/message.ts';

export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** All that an input holds; every trajectory is checked against its schema. */
export async function collect(input: TrajectoryInput, options: ReadTrajectoriesOptions = {}) {
  const trajectories: IngestedTrajectory[] = [];
  const bad: { place: string; problem: string }[] = [];
  for await (const reading of readTrajectories(input, options)) {
    if (reading.ok) trajectories.push(IngestedTrajectory.parse(reading.trajectory));
    else bad.push({ place: placeText(reading.place), problem: reading.problem });
  }
  return { trajectories, bad };
}

/** The one trajectory of an input that holds nothing else. */
export async function only(input: TrajectoryInput, options: ReadTrajectoriesOptions = {}): Promise<IngestedTrajectory> {
  const { trajectories, bad } = await collect(input, options);
  const [trajectory, ...others] = trajectories;
  if (trajectory === undefined || others.length > 0 || bad.length > 0)
    throw new Error(`${trajectories.length} trajectories, bad: ${JSON.stringify(bad)}`);
  return trajectory;
}

export function stream(...chunks: string[]): TrajectoryInput {
  return {
    name: 'stdin',
    stream: (async function* () {
      for (const chunk of chunks) yield new TextEncoder().encode(chunk);
    })(),
  };
}

/** A conversation in short: role, text, and what was called or answered. */
export function outline(messages: Message[]): string[] {
  return messages.map((message) => {
    const text = message.content.replaceAll('\n', '⏎').slice(0, 60);
    if (message.role === 'tool') return `tool ${message.tool_call_id}: ${text}`;
    if (message.role !== 'assistant') return `${message.role}: ${text}`;
    const calls = (message.tool_calls ?? []).map((call) => ` → ${call.id} ${call.function.name}`).join('');
    return `assistant: ${text}${message.reasoning_content === undefined ? '' : ` (thought)`}${calls}`;
  });
}

/** The arguments of every call, in order. */
export function calls(messages: Message[]): string[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
    .map((call) => call.function.arguments);
}
