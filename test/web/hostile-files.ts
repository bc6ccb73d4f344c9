import { writeFileSync } from 'node:fs';

/** Would set the title of the page, ask a server, or hide what it is, if it were anything but text. */
const hostileText = [
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

/** Writes it as the only line of a file, with a key and a number that no literal makes. */
export function writeHostile(path: string): void {
  const line = JSON.stringify(hostileRecord()).replace('"huge":0', '"__proto__":{"polluted":1},"huge":123456789012345678901234567890');
  writeFileSync(path, `${line}\n`);
}
