import type { TranscriptHead, TurnView } from '../../../schemas/transcript.ts';
import type { TranscriptSource } from '../../../web/server/view-source.ts';

/** A turn that asked the shell for one command. */
export function someTurn(seq: number, command: string): TurnView {
  const part = { marks: [], failed: null, exit_code: null, duration_ms: null };
  return {
    seq,
    kind: 'turn',
    turn: seq,
    at: null,
    prompt_tokens: 100,
    completion_tokens: 10,
    latency_ms: 900,
    parts: [
      { ...part, kind: 'call', name: 'bash', body: { text: command }, form: 'shell' },
      { ...part, kind: 'result', name: 'bash', body: { text: 'ok' }, form: 'ansi', failed: false, exit_code: 0 },
    ],
  };
}

/** A run of these commands that left a patch, in chunks of two turns. */
export function someTranscript(title: string, commands: readonly string[], patch: string): TranscriptSource {
  const turns = commands.map((command, seq) => someTurn(seq, command));
  const chunks = Math.ceil(turns.length / 2);
  const head: TranscriptHead = {
    id: title,
    title,
    open: false,
    version: '1',
    turns: turns.length,
    bytes: 1000,
    chunks,
    errors: { seqs: [], more: false },
    findings: [],
    facts: [],
    ending: 'submitted',
    resolved: 1,
    tests: [],
    decisions: [],
    fate: 'kept',
    patch: { text: patch },
    unread: [],
  };
  return {
    head: async () => head,
    index: async (page) =>
      page > 0
        ? undefined
        : {
            from: 0,
            count: turns.length,
            chunk: turns.map(({ seq }) => Math.floor(seq / 2)),
            kind: turns.map(({ kind }) => kind),
            bytes: turns.map(() => 20),
            tokens: turns.map(() => 10),
            flags: turns.map(() => 0),
            at: turns.map(() => 0),
          },
    chunk: async (chunk) => (chunk < chunks ? { chunk, turns: turns.slice(chunk * 2, chunk * 2 + 2) } : undefined),
    blob: async () => undefined,
  };
}
