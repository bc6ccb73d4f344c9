import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, failuresIgnored, type Found } from './change.ts';
import { short } from './short.ts';

const ignored = (what: string, line: string) => failuresIgnored(`${what}: ${short(line)}`);

const test = /\b\w*tests?\b|\b\w*Tests?\b|\bspecs?\b/;
/** What a target, a task or a job needs before it is done: the head that stays, and what it names. */
const needs: RegExp[] = [
  /^((?:all|check|ci|verify|default|pre-?commit|qa|validate)[\w-]*\s*::?)(?!=)\s*(.*)$/,
  /^((?:tasks\.)?(?:named\(")?["']?(?:check|build|verify)["']?\)?\)?\.?\s*\{?\s*dependsOn)\b(.*)$/,
];

function needed(line: string): { head: string; names: string } | undefined {
  for (const pattern of needs) {
    const found = pattern.exec(line);
    if (found !== null) return { head: (found[1] ?? '').replace(/\s+/g, ''), names: found[2] ?? '' };
  }
  return undefined;
}

/** Tests that ran as a part of a larger check, and are no part of it any more. */
function leftOutOfCheck(taken: readonly string[], put: readonly string[], after: string): Found | undefined {
  for (const line of taken) {
    const was = needed(line);
    if (was === undefined || !test.test(was.names)) continue;
    const gone = (was.names.match(/[\w.:-]+/g) ?? []).filter((name) => test.test(name));
    const is = put.map((one) => needed(one)).find((one) => one?.head === was.head);
    // Where the head goes as well, only a line of one task says that its tests run no more.
    if (is === undefined && !line.includes('dependsOn')) continue;
    if (gone.length > 0 && gone.every((name) => !after.includes(name))) return ignored('takes tests out of the check', line);
  }
  return undefined;
}

const ownSwitch =
  /\bonlyIf\s*(?:\(\s*)?\{[^}\n]*\b(?:hasProperty|findProperty|System\.getenv|System\.getProperty|gradleProperty|environmentVariable)\b|\benabled\s*=\s*(?:project\.)?(?:hasProperty|findProperty)\b/;
const testTask = /\btest\s*\{|\btasks\.(?:test|named\(\s*["']\w*[tT]est|withType[<(]\s*Test)|:\s*Test\b/;

/** A step of the tests that waits for a switch nobody sets, or for a person. */
function onRequest({ path, after, before }: Change, put: readonly string[]): Found | undefined {
  if (/gradle/.test(path)) {
    const line = put.find((one) => ownSwitch.test(one));
    return line !== undefined && testTask.test(after) && !before.includes(line) ? ignored('runs tests only on request', line) : undefined;
  }
  if (!baseName(path).startsWith('.pre-commit')) return undefined;
  const stage = put.find((one) => /^stages:\s*\[\s*manual\s*\]|^-\s*manual$/.test(one));
  return stage !== undefined && /\bid:\s*[\w-]*(?:test|spec|check)/.test(after) ? ignored('runs tests only on request', stage) : undefined;
}

/** Names by which runners find tests of themselves: a value with one of them takes in what was found before. */
const usualName = /^[*_.]*(?:tests?|specs?)?[*_.]*(?:py)?$/i;
const named = /^(python_(?:files|functions|classes))\s*=\s*\[?\s*(.+?)\s*\]?$/;

/** Names of tests that leave out those by which tests are called as a matter of course. */
function namedOtherwise(put: readonly string[]): Found | undefined {
  const line = put.find((one) => {
    const values = named.exec(one)?.[2]?.match(/[\w.*?-]+/g) ?? [];
    return values.length > 0 && !values.some((value) => usualName.test(value.replace(/\?/g, '*')));
  });
  return line === undefined ? undefined : ignored('changes which tests are found', line);
}

/** Keys that leave tests out only in one section of a file. */
const sections: { head: RegExp; key: RegExp }[] = [
  { head: /^\[nosetests\]$/, key: /^(?:exclude|ignore-files|exclude-dir|exclude-test\w*)\s*=\s*\S/ },
  { head: /^\[behave\]$/, key: /^(?:default_)?tags\s*=\s*(?:~|-|not\s)\s*@/ },
];

function leftOutInSection(after: string, put: readonly string[]): Found | undefined {
  if (!after.includes('[')) return undefined;
  const lines = after.split('\n').map((line) => line.trim());
  for (const { head, key } of sections) {
    const line = put.find((one) => key.test(one));
    if (line === undefined) continue;
    const above = lines.slice(0, lines.indexOf(line)).findLast((one) => /^\[[^\]]+\]$/.test(one));
    if (above !== undefined && head.test(above)) return ignored('leaves tests out', line);
  }
  return undefined;
}

/** A goal of a build after which failures of the tests end it. */
function goalGone({ path, after }: Change, taken: readonly string[]): Found | undefined {
  const line = path.endsWith('.xml') ? taken.find((one) => /<goal>\s*verify\s*<\/goal>/.test(one)) : undefined;
  return line === undefined || after.includes('<goal>verify') ? undefined : ignored('asks no more how the tests went', line);
}

/** Settings by which tests are no part of the run any more, though none of them is named as left out. */
export function unlinkedRuns(change: Change): Found[] {
  if (change.before === '' && change.kind === 'edit') return [];
  const { taken, put } = changedLines(change);
  return [
    leftOutOfCheck(taken, put, change.after) ??
      onRequest(change, put) ??
      namedOtherwise(put) ??
      leftOutInSection(change.after, put) ??
      goalGone(change, taken) ??
      [],
  ].flat();
}
