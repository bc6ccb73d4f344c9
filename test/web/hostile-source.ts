import type { TranscriptHead } from '../../schemas/transcript.ts';
import type { ViewRow } from '../../schemas/view-row.ts';
import { RowList } from '../../web/model/rows/row-list.ts';
import { TranscriptBuilder } from '../../web/model/transcript/builder.ts';
import { type RawTurn, textPart } from '../../web/model/transcript/raw-turn.ts';
import type { ViewSource } from '../../web/server/view-source.ts';
import { hostileText } from './hostile-files.ts';

/** Names that objects have of their own: as ids of collections and rows. */
const ownNames = ['__proto__', 'constructor', 'toString'];

const row = (id: string): ViewRow => ({
  id,
  instance_id: hostileText,
  repo: hostileText,
  language: hostileText,
  license: hostileText,
  harness: hostileText,
  mode: hostileText,
  model: hostileText,
  sample: 0,
  stage: hostileText,
  ending: hostileText,
  fate: hostileText,
  rule: hostileText,
  resolved: -1,
  turns: 3,
  prompt_tokens: Number.MAX_SAFE_INTEGER,
  completion_tokens: 0,
  cost_usd: 1e300,
  bytes: 0,
  seconds: null,
  findings: 2,
  categories: hostileText,
});

const forms = ['text', 'markdown', 'json', 'shell', 'diff', 'ansi'] as const;
const kinds = ['prompt', 'thinking', 'reply', 'call', 'result', 'note', 'field', 'patch'] as const;

/** Each kind of part in each form, with the same words. */
const turns: RawTurn[] = forms.map((form, turn) => ({
  kind: 'turn',
  turn,
  at: 1,
  prompt_tokens: 1,
  completion_tokens: 1,
  latency_ms: 1,
  parts: kinds.map((kind) => ({ ...textPart(kind, hostileText, hostileText, form), failed: turn === 1 })),
}));

const finding = { category: 'OTHER', rule: hostileText, severity: 'violation', call: 0, succeeded: true } as const;

function transcript() {
  const builder = new TranscriptBuilder([
    { ...finding, turn: 2, command: hostileText, evidence: hostileText },
    { ...finding, turn: 2, command: '', evidence: '' },
  ]);
  const views = turns.map((turn) => builder.add(turn).view);
  const head: TranscriptHead = builder.head({
    id: hostileText,
    title: hostileText,
    open: false,
    version: '1',
    facts: [...ownNames, hostileText].map((name) => ({ name, value: hostileText })),
    ending: hostileText,
    resolved: 0,
    tests: [{ name: hostileText, wanted: hostileText, got: hostileText, ok: false }],
    decisions: [{ rule: hostileText, version: 1, decision: 'drop', reason: hostileText, seq: 1 }],
    fate: hostileText,
    patch: { text: `diff --git a/${hostileText} b/x\n--- a/${hostileText}\n+++ b/x\n@@ -1 +1 @@\n-${hostileText}\n+x\n` },
    unread: [hostileText],
  });
  return {
    head: async () => head,
    index: async (page: number) => builder.index(page),
    chunk: async (chunk: number) => (chunk === 0 ? { chunk, turns: views } : undefined),
    blob: async () => undefined,
  };
}

/** A source in which every word that a page shows is hostile: more than any file or ledger lets in. */
export function hostileSource(): ViewSource {
  const list = new RowList(ownNames.map(row), '1');
  const has = (name: string) => ownNames.includes(name);
  return {
    site: async () => ({
      kind: 'files',
      title: hostileText,
      tracemill: hostileText,
      steering: false,
      collections: ownNames.map((id) => ({ id, title: hostileText, kind: hostileText, rows: ownNames.length })),
      limits: [hostileText],
    }),
    rows: async (collection, query) => (has(collection) ? list.page(query) : undefined),
    transcript: async (collection, id) => (has(collection) && has(id) ? transcript() : undefined),
  };
}
