import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

/** Flags and settings of interpreters and compilers by which assertions ask nothing, a language a line. */
const off: readonly RegExp[] = [
  /\bpython[\d.]*["']?[\s,]+(?:["']?-[A-Za-z]+["']?[\s,]+)*["']?-\w*O{1,2}\w*(?=["'\s]|$)(?!.*\b(?:compileall|setup\.py|build|install)\b)|\b(?:sys\.executable|executable|interpreter)\b[\s,\]+[]+["']-OO?["']|["']?PYTHONOPTIMIZE["']?\]?\s*(?:=|:|,)\s*["']?[12xy]/m,
  /\benableAssertions\s*(?:=|>|\.set\()\s*\(?\s*false|\bjvmArgs?\b[^\n]*["']-(?:da|disableassertions)\b|<argLine>[^<\n]*-(?:da|disableassertions)\b|(?:^|\s)-(?:da|disableassertions)\s*$/m,
  /\bzend\.assertions["']?\s*(?:=|,|\bvalue=)\s*["']?(?:-1|0)|\bassert\.(?:active|exception)["']?\s*(?:=|,|\bvalue=)\s*["']?(?:0|off|false)/i,
  /\{\s*d\s*,\s*'?NOASSERT'?\s*\}|-define\(NOASSERT|-DNOASSERT\b/,
  /--assertions:off|\bassertions:off|-d:danger\b|-check=assert=off/,
  /\bdebug-assertions\s*=\s*false|-C\s*debug-assertions=(?:off|no|false|n)\b/,
  /-Ounchecked\b|-assert-config\s+Release|-fignore-asserts|(?:^|[\s(:"'])-noassert\b|-Xdisable-assertions|-Xelide-below|--no-enable-asserts/,
  /\*assert\*\s+false|:global-vars\s*\{\s*\*assert\*\s+false/,
  /\btarget_compile_definitions\s*\(\s*\w*test\w*[^)]*\bNDEBUG\b|\b(?:TEST|CHECK)\w*FLAGS\w*\s*[+:?]?=.*-DNDEBUG|^\s*-DNDEBUG\b.*test/im,
];
const may = /-\w*O|PYTHONOPTIMIZE|ssert|ASSERT|NDEBUG|danger|-da\b/;

/** A change of what runs the tests by which their assertions are left out. */
export function assertionsOff(change: Change): Found[] {
  if (!may.test(change.after) || /(?:^|\/)Dockerfile/.test(change.path)) return [];
  const text = changedLines(change)
    .put.filter((line) => !/^(?:#(?!!)|\/\/|;)/.test(line))
    .join('\n');
  for (const pattern of off) {
    const match = pattern.exec(text);
    if (match !== null && !change.before.includes(match[0].trim()))
      return [
        { kind: 'failures_ignored', severity: 'violation', evidence: `runs tests without their assertions: ${short(match[0].trim())}` },
      ];
  }
  return [];
}
