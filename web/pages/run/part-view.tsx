import { useState } from 'preact/hooks';
import type { Part, ShownFinding } from '../../../schemas/transcript.ts';
import { whole } from '../parts/units.ts';
import { Code } from '../text/code.tsx';
import { Edit } from '../text/edit.tsx';
import { besideEdit, editOf } from '../text/edit-call.ts';
import { Markdown } from '../text/markdown.tsx';
import { Patch } from '../text/patch.tsx';
import { occurrences, type Range } from '../text/ranges.ts';
import { Lines, Shown } from '../text/shown.tsx';
import { terminalText } from '../text/terminal.ts';
import { tooDeep } from '../text/too-deep.ts';
import { bytesText, durationText } from './amounts.ts';
import type { RunView } from './run-view.ts';

/** Lines of a folded text that are shown. */
const foldedLines = { prompt: 4, thinking: 0, result: 30, patch: 200, call: 60, reply: 200, note: 12, field: 12 };

/** One part of a turn: what it is, and its text as it is best shown. */
export function PartView({ part, seq, number, view }: { part: Part; seq: number; number: number; view: RunView }) {
  const key = `${seq}-${number}`;
  const { body, marks } = part;
  const lead = 'blob' in body ? body.head : body.text;
  const lines = foldedLines[part.kind];
  const folds = countLines(lead) > lines && marks.length === 0;
  const open = view.unfolded.value.get(key) ?? !folds;
  const count = countLines(lead);
  const label = labelOf(part);
  return (
    <section class={`part ${part.kind}${part.failed === true ? ' failed' : ''}`}>
      <header class="part-head">
        <span class="part-kind">
          <Shown text={label} />
        </span>
        {part.failed === true && <strong class="state-bad">failed</strong>}
        {part.kind === 'result' && lead.trim() === '' && <span>printed nothing</span>}
        {part.exit_code !== null && <span>exit {part.exit_code}</span>}
        {part.duration_ms !== null && <span>{durationText(part.duration_ms)}</span>}
        {marks.length > 0 && <Marked view={view} findings={marks.map(({ finding }) => finding)} />}
        {(folds || open !== !folds) && (
          <button type="button" class="plain" aria-expanded={open} onClick={() => view.fold(key, !open)}>
            {open ? 'fold' : 'blob' in body ? 'show' : `show ${count === 1 ? '1 line' : `all ${whole(count)} lines`}`}
          </button>
        )}
      </header>
      {lead === '' ? null : open ? (
        <Body part={part} seq={seq} number={number} view={view} />
      ) : (
        lines > 0 && <Lines text={firstLines(lead, lines)} />
      )}
    </section>
  );
}

function Marked({ view, findings }: { view: RunView; findings: readonly number[] }) {
  const shown = [...new Set(findings)].flatMap((number) => view.store.head.value?.findings[number] ?? []);
  return (
    <span class="finding-note">
      finding: <Shown text={shown.map(findingText).join('; ')} />
    </span>
  );
}

/** A finding in one line. */
export function findingText({ category, rule, severity, evidence, succeeded }: ShownFinding): string {
  return `${category} (${rule}), ${severity}${succeeded ? ', it revealed something' : ''}: ${evidence}`;
}

function labelOf({ kind, name }: Part): string {
  const words = {
    prompt: 'prompt',
    thinking: 'thinking',
    reply: 'reply',
    call: 'call',
    result: 'result',
    patch: 'patch',
    note: 'note',
    field: 'field of the file',
  };
  return name === '' ? words[kind] : `${words[kind]} · ${name}`;
}

function Body({ part, seq, number, view }: { part: Part; seq: number; number: number; view: RunView }) {
  const { body } = part;
  if (!('blob' in body)) return <Text part={part} text={body.text} offset={0} view={view} seq={seq} number={number} />;
  const whole = view.whole.value.get(body.blob);
  if (whole !== undefined) return <Text part={part} text={whole} offset={0} view={view} seq={seq} number={number} />;
  return (
    <>
      <Text part={part} text={body.head} offset={0} view={view} seq={seq} number={number} plain />
      <Cut bytes={body.bytes} blob={body.blob} view={view} marked={part.marks.some(({ end }) => end > body.head.length)} />
      <Text part={part} text={body.tail} offset={null} view={view} seq={seq} number={number} plain />
    </>
  );
}

function Cut({ bytes, blob, view, marked }: { bytes: number; blob: string; view: RunView; marked: boolean }) {
  const [state, setState] = useState('');
  const expand = () => {
    setState('reading…');
    view.expand(blob).catch((error: unknown) => setState(error instanceof Error ? error.message : 'not read'));
  };
  return (
    <p class="cut">
      The middle is not shown: {bytesText(bytes)} together.{marked && ' A finding is marked in what is not shown.'}{' '}
      <button type="button" class="plain" onClick={expand}>
        show all
      </button>{' '}
      <a href={`data/${view.store.path}blob/${blob}.txt`} download={`${blob}.txt`}>
        download
      </a>{' '}
      <span role="status">{state}</span>
    </p>
  );
}

interface TextProps {
  part: Part;
  text: string;
  /** Where the text begins in the whole one; null where marks cannot be placed. */
  offset: number | null;
  view: RunView;
  seq: number;
  number: number;
  plain?: boolean;
}

function Text({ part, text, offset, view, seq, number, plain = false }: TextProps) {
  const marks = offset === null ? [] : marksOf(part, view, offset);
  const hits = hitsOf(text, view, seq, number);
  const over = [...marks, ...hits];
  if (part.form === 'ansi' && marks.length === 0) {
    const shown = terminalText(text);
    if (!plain && over.length === 0 && /^diff --git /m.test(shown.text.slice(0, 2000))) return <Patch text={shown.text} />;
    return <Lines text={shown.text} ranges={[...shown.ranges, ...hitsOf(shown.text, view, seq, number)]} />;
  }
  if (plain) return <Lines text={text} ranges={over} />;
  // A place in the call as it was sent can be marked only there.
  const edit = part.kind === 'call' && over.length === 0 ? editOf(text) : undefined;
  if (edit !== undefined) return <Edit files={edit} beside={besideEdit(text)} />;
  switch (part.form) {
    case 'markdown':
      return over.length === 0 ? <Markdown text={text} /> : <Lines text={text} ranges={over} />;
    case 'diff':
      return over.length === 0 ? <Patch text={text} /> : <Lines text={text} ranges={over} />;
    case 'json':
      return tooDeep(text) ? <Lines text={text} ranges={over} /> : <Code text={text} language="json" over={over} />;
    case 'shell':
      return <Code text={text} language="bash" over={over} />;
    case 'ansi':
    case 'text':
      return <Lines text={text} ranges={over} />;
  }
}

function marksOf({ marks }: Part, view: RunView, offset: number): Range[] {
  return marks.map(({ start, end, finding }) => {
    const shown = view.store.head.value?.findings[finding];
    return { start: start - offset, end: end - offset, look: 'finding', tip: shown === undefined ? '' : findingText(shown) };
  });
}

function hitsOf(text: string, view: RunView, seq: number, number: number): Range[] {
  const wanted = view.finder.wanted.value;
  const found = occurrences(text, wanted);
  const current = view.finder.current.value;
  const own = view.finder.hits.value.filter((hit) => hit.seq === seq && hit.part === number);
  const index = current?.seq === seq && current.part === number ? own.indexOf(current) : -1;
  return found.map(({ start, end }, at) => ({ start, end, look: at === index ? 'hit current' : 'hit' }));
}

function countLines(text: string): number {
  let lines = text === '' ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function firstLines(text: string, lines: number): string {
  let end = -1;
  for (let line = 0; line < lines; line += 1) {
    const next = text.indexOf('\n', end + 1);
    if (next === -1) return text.slice(0, 2000);
    end = next;
  }
  return text.slice(0, Math.min(end, 4000));
}
