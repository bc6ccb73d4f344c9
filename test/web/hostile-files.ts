import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Would set the title of the page, ask a server, or hide what it is, if it were anything but text. */
export const hostileText = [
  '<script>document.title="run"</script><img src=http://127.0.0.1:9/a.png onerror="document.title=\'run\'">',
  '<svg onload="document.title=\'run\'"><use href="http://127.0.0.1:9/b.svg#x"/></svg><iframe src="javascript:1"></iframe>',
  '[click](javascript:document.title="run") ![see](http://127.0.0.1:9/c.png) <http://127.0.0.1:9/d> <style>@import "http://127.0.0.1:9/e.css";</style>',
  '\u001b]8;;http://127.0.0.1:9/f\u0007a link\u001b]8;;\u0007 \u001b[31mred\u001b[0m \u001b]0;title\u0007',
  'a \u202egnp.exe\u2069 and\u200bzero \u{e0041}tag \ud800 lone \ufeff \u0000 end',
].join('\n');

/** One trajectory with hostile words in every field and name that its format has. */
function hostileRecord(): Record<string, unknown> {
  const call = (name: string, args: string, id: string) => ({ id, type: 'function', function: { name, arguments: args } });
  const messages = [
    { role: 'system', content: hostileText },
    { role: 'user', content: `${hostileText}\n${'>'.repeat(5000)} deep ${'['.repeat(20_000)}` },
    {
      role: 'assistant',
      content: hostileText,
      reasoning_content: hostileText,
      tool_calls: [
        call(hostileText, JSON.stringify({ command: hostileText }), hostileText),
        call('__proto__', '{"__proto__": {"polluted": 1}, "constructor": 1e999}', 'two'),
      ],
    },
    { role: 'tool', tool_call_id: hostileText, content: hostileText },
    { role: 'tool', tool_call_id: 'two', content: `{"a": ${'['.repeat(5000)}` },
  ];
  return {
    id: hostileText,
    instance_id: hostileText,
    repo: hostileText,
    license: hostileText,
    language: hostileText,
    model: hostileText,
    harness: hostileText,
    model_patch: `diff --git a/${hostileText.split('\n')[0]} b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-${hostileText}\n+x\n`,
    exit_status: hostileText,
    resolved: 1,
    messages,
    [hostileText]: hostileText,
    constructor: 'constructor',
    huge: 0,
  };
}

/** Names that a file can have: on disk they cannot hold `/` or nothing at all. */
const hostileNames = [
  '<script>document.title="run"<',
  '__proto__',
  'javascript:document.title="run"',
  'a\u202egpj\u2069\u200b \u001b]8;;x\u0007',
  `${'very long '.repeat(20)}`,
].map((name) => `${name.replaceAll('/', '_')}.jsonl`);

/**
 * Writes it into a folder: as the only line of `runs.jsonl`, with a key and a number that no literal makes, and below hostile
 * names; and a scan of the first with hostile findings. Gives what to show.
 */
export function writeHostile(folder: string): string[] {
  const line = JSON.stringify(hostileRecord()).replace('"huge":0', '"__proto__":{"polluted":1},"huge":123456789012345678901234567890');
  const runs = join(folder, 'runs.jsonl');
  writeFileSync(runs, `${line}\n`);
  const named = join(folder, '<b>named');
  mkdirSync(named);
  for (const name of hostileNames) writeFileSync(join(named, name), `${line}\nno JSON\n`);
  const finding = { category: 'LOCAL_GIT', rule: hostileText, severity: 'violation', turn: 0, call: 0, succeeded: true };
  const report = {
    id: hostileText,
    place: { file: runs, unit: 'line', number: 1 },
    git_hack_attempted: true,
    findings: [
      { ...finding, command: hostileText, evidence: '<script>document.title="run"</script>' },
      { ...finding, command: 'nowhere', evidence: hostileText },
    ],
    unparsed: 1,
    unread: [hostileText],
    scanner_version: 1,
    preset: 'paper',
  };
  const scan = join(folder, 'scan.jsonl');
  writeFileSync(scan, `${JSON.stringify(report)}\n`);
  return [runs, named, scan];
}
