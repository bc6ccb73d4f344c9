import { useEffect, useState } from 'preact/hooks';
import type { Range } from './ranges.ts';
import { Lines } from './shown.tsx';

/** Longest code that is coloured. */
const longest = 64 * 1024;

let worker: Promise<Worker> | undefined;
let asked = 0;
const waiting = new Map<number, (ranges: Range[]) => void>();

/** Code in a named language, coloured as soon as a thread beside the page has read it; `over` lies above the colours. */
export function Code({ text, language, over = [] }: { text: string; language: string; over?: readonly Range[] }) {
  const [colours, setColours] = useState<{ text: string; ranges: Range[] }>();
  useEffect(() => {
    if (text.length > longest) return undefined;
    const number = ask(text, language, (ranges) => setColours({ text, ranges }));
    return () => {
      waiting.delete(number);
    };
  }, [text, language]);
  return <Lines text={text} ranges={colours?.text === text ? [...colours.ranges, ...over] : over} />;
}

function ask(code: string, language: string, then: (ranges: Range[]) => void): number {
  asked += 1;
  const number = asked;
  waiting.set(number, then);
  worker ??= start();
  void worker.then((thread) => {
    // Whoever scrolled on waits no more.
    if (waiting.has(number)) thread.postMessage({ number, code, language });
  });
  return number;
}

/** Colours come when the page has nothing more urgent to do: its first rows are there before. */
async function start(): Promise<Worker> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 200);
  });
  const thread = new Worker('workers/highlight.js', { type: 'module' });
  thread.addEventListener('message', ({ data }: MessageEvent<{ number: number; ranges: Range[] }>) => {
    waiting.get(data.number)?.(data.ranges);
    waiting.delete(data.number);
  });
  return thread;
}
