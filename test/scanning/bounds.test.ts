import { Worker } from 'node:worker_threads';
import { Parser } from 'web-tree-sitter';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { scanCommand } from '../../activities/scanning/scan-command.ts';
import { loadGrammars, longestParsed, withTree } from '../../activities/syntax/grammars.ts';

const context = { preset: 'follow-up' } as const;

function filled(piece: string): string {
  return piece.repeat(Math.floor((longestParsed - 2_000) / piece.length));
}

const inputs = {
  'a long program whose last line only a grammar can follow': `if true; then\necho ${filled('"$a" ${b} c ')}\nwhat=log\ngit $what --all; fi\n`,
  'a program beyond the bound': `if true; then\n${filled('[[')}\ngit log --all\nfi\n`,
  'Python beyond the bound': `python3 - <<'EOF'\nimport os\nos.system('git log --all')\nx = ${filled('a+')}\nEOF\n`,
};

function reports() {
  return Object.values(inputs).map((command) => scanCommand(command, context));
}

let unhindered: ReturnType<typeof reports> | undefined;

/** What they are on the machine as it is: seconds of work, done once. */
function quiet() {
  unhindered ??= reports();
  return unhindered;
}

/** Makes every step of parsing take longer. */
function slowDown(milliseconds: number): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its parser below
  const { parse } = Parser.prototype;
  vi.spyOn(Parser.prototype, 'parse').mockImplementation(function (this: Parser, input, tree, options) {
    const progressCallback: NonNullable<typeof options>['progressCallback'] = (state) => {
      for (const until = performance.now() + milliseconds; performance.now() < until; );
      return options?.progressCallback?.(state) ?? false;
    };
    return parse.call(this, input, tree, { ...options, progressCallback });
  });
}

// The tests make the machine slow: how long they take says nothing.
describe('bounds of the scan', { timeout: 240_000 }, () => {
  beforeAll(loadGrammars);
  afterEach(() => void vi.restoreAllMocks());

  it('stop no program of ordinary code and stop those that no grammar can read', () => {
    const [ordinary, beyond, python] = quiet();
    expect([ordinary?.unparsed, ordinary?.findings.length]).toEqual([0, 1]);
    expect(beyond?.unparsed).toBeGreaterThan(0);
    expect(python?.unparsed).toBeGreaterThan(0);
    expect(withTree('bash', filled('[['), () => 'read')).toBeUndefined();
    expect(withTree('python', filled('a+'), () => 'read')).toBeUndefined();
  });

  it('give the same findings on a slow machine', () => {
    const quick = quiet();
    slowDown(0.1);
    expect(reports()).toEqual(quick);
  });

  it('give the same findings on a busy machine, whatever was scanned before', async () => {
    const unbusied = quiet();
    // One more than a small machine has cores; other tests wait for them as well.
    const busy = Array.from({ length: 3 }, () => new Worker('for (;;);', { eval: true }));
    try {
      await Promise.all(busy.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
      const backwards = Object.values(inputs)
        .toReversed()
        .map((command) => scanCommand(command, context));
      expect(backwards.toReversed()).toEqual(unbusied);
    } finally {
      await Promise.all(busy.map((worker) => worker.terminate()));
    }
  });
});
