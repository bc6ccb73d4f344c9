import type { CodeRun } from './code-run.ts';
import { literalRuns } from './other-languages.ts';
import { tellingCode } from './rough-windows.ts';
import { dynamicText } from './shell-syntax.ts';

const longestCode = 262_144;
const mostRuns = 2_000;
const quotedLine = /["'`]{1,3}[ \t]*((?:git|gh|glab|curl|wget|pip3?|npm)[ \t][^"'`\n]{1,400})/g;
const bangLine = /(?:^|[;\s])!{1,2}[ \t]*((?:git|gh|glab|curl|wget|pip3?|npm|cat|find|grep)[ \t][^\n]{1,400})/g;
const gitCall = /\.git\.(\w+)\s*\(/g;

/**
 * What a program that no grammar could read runs, fetches and reads, by the literal arguments of its calls and the
 * command lines in its quotes, closed or not. It may see calls where there are none.
 */
export function roughRuns(code: string, language: 'python' | 'javascript'): CodeRun[] {
  const source = code.length > longestCode ? tellingCode(code) : code;
  const quoted = [...source.matchAll(quotedLine)].map(
    (match): CodeRun => ({ kind: 'shell', source: (match[1] ?? '').replace(/\$?\{[^}]*\}?/g, dynamicText), text: match[0].slice(0, 400) }),
  );
  const escaped = [...source.matchAll(bangLine)].map(
    (match): CodeRun => ({ kind: 'shell', source: match[1] ?? '', text: match[0].slice(0, 400) }),
  );
  const called = [...source.matchAll(gitCall)].map((match): CodeRun => {
    const words = [
      ...source
        .slice(match.index + match[0].length, match.index + 400)
        .split(/[)\n]/, 1)
        .join('')
        .matchAll(/["']([^"']*)["']/g),
    ];
    const argv = ['git', (match[1] ?? '').replaceAll('_', '-'), ...words.map((word) => word[1] ?? '')];
    return { kind: 'argv', argv, text: match[0], via: 'git' };
  });
  return [...literalRuns(source, language), ...quoted, ...escaped, ...called].slice(0, mostRuns);
}
