import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openView } from '../../../web/server/files/open-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number) => `2026-01-01T12:00:0${second}.000Z`;

/** Lines of Claude Code: one call each, with its result. */
function claudeCode(results: object[]): object[] {
  const base = { sessionId: 's1', isSidechain: false, cwd: '/repo' };
  const ask = { ...base, uuid: 'u', parentUuid: null, type: 'user', timestamp: at(0), message: { role: 'user', content: 'Mend it.' } };
  return [
    ask,
    ...results.flatMap((result, n) => {
      const call = { type: 'tool_use', id: `t${n}`, name: 'Bash', input: { command: `run ${n}` } };
      const answer = { type: 'tool_result', tool_use_id: `t${n}`, ...result };
      const before = n === 0 ? 'u' : `r${n - 1}`;
      const message = { id: `m${n}`, role: 'assistant', model: 'm', content: [call] };
      return [
        { ...base, uuid: `c${n}`, parentUuid: before, type: 'assistant', timestamp: at(n * 2 + 1), message },
        {
          ...base,
          uuid: `r${n}`,
          parentUuid: `c${n}`,
          type: 'user',
          timestamp: at(n * 2 + 2),
          message: { role: 'user', content: [answer] },
        },
      ];
    }),
  ];
}

/** Lines of Codex with one call, whose result is this. */
function codex(output: unknown): object[] {
  const item = (second: number, payload: object) => ({ timestamp: at(second), type: 'response_item', payload });
  return [
    {
      timestamp: at(0),
      type: 'session_meta',
      payload: { id: 's2', timestamp: at(0), cwd: '/repo', originator: 'codex_cli_rs', cli_version: '1' },
    },
    item(1, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Mend it.' }] }),
    item(3, { type: 'function_call', call_id: 'c1', name: 'shell', arguments: '{"command":["ls"]}' }),
    item(7, { type: 'function_call_output', call_id: 'c1', output }),
  ];
}

async function turnsOf(name: string, lines: object[]) {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const view = await openView([path]);
  await view.read;
  const [row] = (await view.rows(name, { where: {}, text: '', sort: '', descending: false, after: null, limit: 9 }))?.rows ?? [];
  const turns = (await (await view.transcript(name, row?.id ?? ''))?.chunk(0))?.turns ?? [];
  return turns.flatMap(({ kind, at: time, parts }) => {
    const result = parts.find((part) => part.kind === 'result');
    return kind === 'turn' ? [{ at: time, failed: result?.failed, duration_ms: result?.duration_ms }] : [];
  });
}

describe('the turns of a session from a file', () => {
  it('have the times and errors of Claude Code beside the text', async () => {
    const results = [{ content: 'no such file', is_error: true }, { content: 'fine', is_error: false }, { content: 'nothing told' }];
    expect(await turnsOf('claude.jsonl', claudeCode(results))).toEqual([
      { at: Date.parse(at(1)), failed: true, duration_ms: 1000 },
      { at: Date.parse(at(3)), failed: false, duration_ms: 1000 },
      { at: Date.parse(at(5)), failed: null, duration_ms: 1000 },
    ]);
  });

  it('have the times and success of Codex', async () => {
    const told = { content: 'no such command', success: false };
    expect(await turnsOf('codex.jsonl', codex(told))).toEqual([{ at: Date.parse(at(3)), failed: true, duration_ms: 4000 }]);
    expect(await turnsOf('plain.jsonl', codex('exit code: 2'))).toEqual([{ at: Date.parse(at(3)), failed: true, duration_ms: 4000 }]);
  });

  it('say nothing where no line has a time', async () => {
    const lines = claudeCode([{ content: 'fine' }]).map((line) => ({ ...line, timestamp: undefined }));
    expect(await turnsOf('timeless.jsonl', lines)).toEqual([{ at: null, failed: null, duration_ms: null }]);
  });
});
