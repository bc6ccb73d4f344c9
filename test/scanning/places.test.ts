import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../platform/home.ts';
import { ScanReport } from '../../schemas/finding.ts';
import { Place } from '../../schemas/place.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-places-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in the folder, so that places are as short as the user's words. */
function tracemill(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'bin/tracemill'), args, {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: folder, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

function file(name: string, ...rows: unknown[]): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
}

const asked = { role: 'user', content: 'Fix it.' };
const row = (id: string, command: string, more: object = {}) => ({
  id,
  messages: [
    asked,
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c', function: { name: 'bash', arguments: JSON.stringify({ command }) } }],
      ...more,
    },
    { role: 'tool', tool_call_id: 'c', content: 'x' },
  ],
});

const reports = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => ScanReport.parse(JSON.parse(line)));

const Location = z.object({
  physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }), region: z.object({ startLine: z.number() }) }),
  logicalLocations: z.array(z.object({ fullyQualifiedName: z.string() })).default([]),
});
const Sarif = z.object({
  runs: z.tuple([
    z.object({
      results: z.array(z.object({ locations: z.tuple([Location]) })),
      invocations: z.tuple([
        z.object({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(
            z.object({ level: z.string(), message: z.object({ text: z.string() }), locations: z.array(Location).optional() }),
          ),
        }),
      ]),
    }),
  ]),
});

describe('two runs of one task', () => {
  beforeAll(() => {
    file('runs/a/rows.jsonl', row('calc-1', 'ls'), row('calc-1', 'git reflog'));
    file('runs/b c/rows.jsonl', '', row('calc-1', 'git log --all'));
  });

  it('are told apart in every line', () => {
    const found = reports(tracemill('scan', 'runs', '--format', 'jsonl').stdout);
    expect(found.map(({ place, findings }) => [place, findings.length])).toEqual([
      [{ file: 'runs/a/rows.jsonl', unit: 'line', number: 1 }, 0],
      [{ file: 'runs/a/rows.jsonl', unit: 'line', number: 2 }, 1],
      [{ file: 'runs/b c/rows.jsonl', unit: 'line', number: 2 }, 1],
    ]);
  });

  it('and in the table', () => {
    const { stdout } = tracemill('scan', 'runs', '--format', 'table');
    expect(stdout).toMatch(/^runs\/a\/rows\.jsonl:2 +calc-1 .*reflog/m);
    expect(stdout).toMatch(/^runs\/b c\/rows\.jsonl:2 +calc-1 .*log-of-all-refs/m);
  });

  it('and in SARIF, whose artifact is the file', () => {
    const [{ results, invocations }] = Sarif.parse(JSON.parse(tracemill('scan', 'runs', '--format', 'sarif').stdout)).runs;
    expect(results.map(({ locations: [one] }) => [one.physicalLocation, one.logicalLocations[0]?.fullyQualifiedName])).toEqual([
      [
        expect.objectContaining({ artifactLocation: { uri: 'runs/a/rows.jsonl' }, region: expect.objectContaining({ startLine: 2 }) }),
        'calc-1',
      ],
      [expect.objectContaining({ artifactLocation: { uri: 'runs/b%20c/rows.jsonl' } }), 'calc-1'],
    ]);
    expect(invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] });
  });

  it('and by ingest, in the same notation', () => {
    file('bad.jsonl', row('x', 'ls'), '{"answer": 42}');
    const { bad } = z
      .object({ bad: z.array(z.looseObject({ place: z.string() })) })
      .parse(JSON.parse(tracemill('ingest', 'bad.jsonl', '--out', 'out.jsonl', '--json').stdout));
    expect(bad.map(({ place }) => place)).toEqual(['bad.jsonl:2']);
    expect(tracemill('scan', 'bad.jsonl').stderr).toContain('bad.jsonl:2: ');
  });
});

describe('a row of which something could not be read', () => {
  const reason = 'a call of unknown shape (keys: verb)';

  beforeAll(() => {
    file('part.jsonl', row('whole', 'ls'), row('part', 'ls', { tool_calls: [{ verb: 'git log --all' }] }));
    file('cut.jsonl', row('cut', 'ls', { tool_calls: [{ id: 'c', function: { name: 'tool', arguments: '{"command": "git lo' } }] }));
  });

  it('says so in its line, with its reason, and on standard error with file and line', () => {
    const { stdout, stderr } = tracemill('scan', 'part.jsonl', '--format', 'jsonl');
    const [whole, part] = reports(stdout);
    expect(whole).toMatchObject({ unparsed: 0, unread: [] });
    expect(part?.unread[0]).toBe(`${reason} (message 1)`);
    expect(part?.unparsed).toBe(part?.unread.length);
    expect(stderr).toContain(`read in part: part.jsonl:2 (part): ${reason}`);
    expect(stderr).not.toContain('part.jsonl:1');
  });

  it('is neither clean in the table nor in the summary', () => {
    const { stdout } = tracemill('scan', 'part.jsonl', '--format', 'table');
    expect(stdout).toMatch(/^part\.jsonl:2 +part .*unread .*a call of unknown shape/m);
    expect(stdout).toContain('2 rows, 0 with violations, 1 read in part, ');
  });

  it('is a notification in SARIF', () => {
    file('none.jsonl', row('whole', 'ls'), '{"answer": 42}');
    const [part] = Sarif.parse(JSON.parse(tracemill('scan', 'part.jsonl', '--format', 'sarif').stdout)).runs;
    expect(part.invocations[0].toolExecutionNotifications[0]).toMatchObject({
      level: 'warning',
      message: { text: expect.stringContaining(reason) },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'part.jsonl' }, region: { startLine: 2 } } }],
    });
    const [none] = Sarif.parse(JSON.parse(tracemill('scan', 'none.jsonl', '--format', 'sarif').stdout)).runs;
    expect(none.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: 'error',
          message: { text: expect.stringContaining('none.jsonl:2') },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'none.jsonl' }, region: { startLine: 2 } } }],
        },
      ],
    });
  });

  it.each([
    ['part.jsonl', 'unparsed', 1],
    ['part.jsonl', 'violation', 0],
    ['cut.jsonl', 'unparsed', 1],
    ['runs', 'unparsed', 1],
  ])('%s with --fail-on %s ends with %i', (input, failOn, status) => {
    expect(tracemill('scan', input, '--fail-on', failOn).status).toBe(status);
  });

  it('is counted by ingest, and named', () => {
    const { stdout } = tracemill('ingest', 'part.jsonl', '--out', 'out.jsonl');
    expect(stdout).toContain('1 read in part:');
    expect(stdout).toContain(`part.jsonl:2 (part): ${reason}`);
    const { in_part } = z
      .object({ in_part: z.array(z.object({ place: z.string(), id: z.string(), lost: z.array(z.unknown()) })) })
      .parse(JSON.parse(tracemill('ingest', 'part.jsonl', '--out', 'out.jsonl', '--json').stdout));
    expect(in_part).toEqual([
      { place: 'part.jsonl:2', id: 'part', lost: expect.arrayContaining([expect.objectContaining({ what: 'call' })]) },
    ]);
  });
});

describe('an address', () => {
  it('is scanned like a file, with the address as its place', async () => {
    const server = createServer((request, response) => {
      const bytes = Buffer.from(`${JSON.stringify(row('far', 'git reflog'))}\n`);
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
      if (range === null) {
        response
          .writeHead(200, { 'content-length': bytes.length, 'accept-ranges': 'bytes' })
          .end(request.method === 'HEAD' ? undefined : bytes);
        return;
      }
      const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
      const end = Number(range[1]) + part.length - 1;
      response.writeHead(206, { 'content-range': `bytes ${range[1]}-${end}/${bytes.length}`, 'content-length': part.length }).end(part);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const address = `http://127.0.0.1:${port}/rows.jsonl`;
    const { stdout } = await promisify(execFile)(join(projectRoot, 'bin/tracemill'), ['scan', address, '--format', 'jsonl'], {
      env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: folder },
    });
    server.close();
    expect(reports(stdout)).toMatchObject([{ id: 'far', place: { file: address, unit: 'line', number: 1 }, git_hack_attempted: true }]);
  });
});

describe('a place', () => {
  it('counts lines and rows from 1', () => {
    expect(Place.safeParse({ file: 'x', unit: 'row', number: 0 }).success).toBe(false);
  });
});
