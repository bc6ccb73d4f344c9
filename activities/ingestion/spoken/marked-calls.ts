import type { LooseCall } from '../loose-message.ts';
import type { Spoken, SpokenForm } from './form.ts';
import { functionTags } from './function-tags.ts';
import { invokeTags } from './invoke-tags.ts';
import { cohere, deepSeek, harmony, kimi, llama, mistral } from './model-tokens.ts';
import { nemotronTags, toolCallTags, toolCallTokens } from './tool-call-tags.ts';
import { namedTags, valueTags } from './tool-tags.ts';
import { jsonReply, reAct, terminus } from './whole-replies.ts';

/** What holds others comes first: a piece of text is read once. */
const forms: SpokenForm[] = [
  toolCallTags,
  toolCallTokens,
  nemotronTags,
  invokeTags,
  functionTags,
  ...valueTags,
  ...namedTags,
  mistral,
  deepSeek,
  kimi,
  llama,
  harmony,
  cohere,
  terminus,
  jsonReply,
  reAct,
];

/** What a text says in marks that stand for calls and nothing else. */
export interface MarkedCalls {
  calls: LooseCall[];
  /** Marks whose call cannot be read. */
  unread: number;
  /** The text without them. */
  rest: string;
}

const none: MarkedCalls = { calls: [], unread: 0, rest: '' };

/**
 * Calls in a text by their marks. Those in reasoning count as thought of, not made; with `quotes` those in fences and backticks count
 * too, else they are taken for code that is talked about.
 */
export function markedCalls(text: string, { quotes }: { quotes: boolean }): MarkedCalls {
  const present = forms.filter(({ mark }) => text.includes(mark));
  if (present.length === 0) return { ...none, rest: text };
  const thought = text.lastIndexOf('</think>');
  const isQuoted = quotesIn(text);
  let found: Spoken[] = [];
  for (const form of present) {
    const said = form.find(text).filter(({ start, named }) => start >= thought && named !== true);
    found = withoutOverlap(found, quotes ? said : said.filter(({ start }) => !isQuoted(start)));
  }
  const calls = found.flatMap((one) => one.calls);
  const read = found.filter((one) => one.calls.length > 0);
  return { calls, unread: found.length - read.length, rest: read.length === 0 ? text : without(text, read) };
}

/** Both in the order of their places, as is what comes out; what lies over something found before is left out. */
function withoutOverlap(found: Spoken[], more: Spoken[]): Spoken[] {
  let at = 0;
  const fresh = more.filter(({ start, end }) => {
    while ((found[at]?.end ?? Number.POSITIVE_INFINITY) <= start) at += 1;
    return (found[at]?.start ?? Number.POSITIVE_INFINITY) >= end;
  });
  return fresh.length === 0 ? found : [...found, ...fresh].toSorted((a, b) => a.start - b.start);
}

function without(text: string, found: Spoken[]): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of found) {
    rest += text.slice(from, start);
    from = end;
  }
  return (rest + text.slice(from)).trimEnd();
}

/** Characters of a line that are looked at. */
const nearby = 2_000;

/** Tells whether a place of a text is in a fenced block or between backticks. */
function quotesIn(text: string): (at: number) => boolean {
  const fences = [...text.matchAll(/^[ \t]*```/gm)].map(({ index }) => index);
  let passed = 0;
  return (at) => {
    if ((fences[passed - 1] ?? 0) >= at) passed = 0;
    while ((fences[passed] ?? Number.POSITIVE_INFINITY) < at) passed += 1;
    if (passed % 2 === 1) return true;
    const before = text.slice(Math.max(0, at - nearby), at);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    return (line.match(/`/g)?.length ?? 0) % 2 === 1;
  };
}
