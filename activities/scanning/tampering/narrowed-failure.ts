import { type Change, changedLines, type Found } from './change.ts';
import { namesCondition } from './test-code.ts';

const condition = /^(?:\}?\s*(?:else\s*)?)?(?:if|unless|when|elif|elsif|while)\b[\s!(]*(.*?)[\s)]*(?:;?\s*then|do|:|\{|;)?$/;
/** What a condition asks when it is about a failure. */
const ofFailure = /fail|err(?:or)?s?\b|\bok\b|\brc\b|status|exit|pass(?:ed)?\b|success|result|\bcode\b|\$\?|\bret\b|\$LASTEXITCODE/i;
const joined = /^(?:[\s\])]|;)*(?:&&|and\b|-a\b|-and\b)|(?:&&|\band\b|-a\b|-and\b)[\s![(]*$/;
/** Ways in which a program runs, rather than one of what it runs. */
const modes = /^(?:tests?|ci|dev(?:elopment)?|prod(?:uction)?|all|none|debug|release|dry-?run|verbose|quiet|eof)$/i;
const literal = /["'`]([\w./:*\\ -]{2,})["'`]|\/((?:\\.|[^/\\\n]){3,})\/|==?\s*([a-z][\w.-]+)|~=?\s*["']?([\w.-]{3,})/;

/** A body that is left at once where a certain name is given, in code that asserts. */
const leaves =
  /^(?:if|unless|when)\b[\s(]*(.*?)[\s)]*(?:\{|:|then)?\s*(?:return\b[^{};]*;?|continue;?|next|skip\b[^{};]*;?)\s*(?:\}|end|fi)?$|^(?:return|continue|next)\s+if\s+(.*)$|^\[+\s*(.*?)\s*\]+\s*&&\s*(?:return|continue|exit 0|skip)\b/;
const named =
  /(?:===?|-eq|\beq\b|\.equals\(|\bis\b|=~|\bin\b|\.includes\(|\.startsWith\(|\.contains\(|\.test\(|\bmatch\w*\()\s*[("'`/[{*]*[\w./: -]{3,}/;
const asserts = /\bassert\w*\b|\bexpect\w*\(|\bthrow\b|\braise\b|\bfail\w*\b|\bpanic|\bt\.(?:Error|Fatal)/i;

/** Code that asserts, or runs tests, and now leaves before it does so where one certain name is given. */
export function leavesForOne({ before, after, kind }: Change, put: readonly string[]): Found[] {
  if (kind === 'append' || before === '' || !asserts.test(before)) return [];
  const line = put.find((one, at) => {
    const [, first, second, third] = leaves.exec(one) ?? leaves.exec(`${one} ${put[at + 1] ?? ''}`) ?? [];
    const asked = first ?? second ?? third;
    return (
      asked !== undefined &&
      named.test(asked) &&
      /["'`/*]/.test(asked) &&
      !/typeof|undefined|null|None|\bnil\b|\.length|instanceof|isinstance|kind|type\b/.test(asked) &&
      !namesCondition(`if ${asked}`) &&
      asserts.test(after.slice(after.indexOf(one)))
    );
  });
  return line === undefined
    ? []
    : [{ kind: 'outcome_forced', severity: 'violation', evidence: `asks nothing of one of them: ${line.slice(0, 140)}` }];
}

/**
 * A failure in what runs the tests that counts no more where a certain name is given: the condition goes on with “and it is
 * not this one”. `named` wants the literal to name a test, for files that are a product too.
 */
export function narrowedFailure(change: Change, named: boolean): Found[] {
  if (change.before === '' || change.kind === 'append') return [];
  const { taken, put } = changedLines(change);
  for (const line of put) {
    const is = condition.exec(line)?.[1]?.replace(/[\s;)]+$/, '');
    if (is === undefined || !ofFailure.test(is)) continue;
    for (const one of taken) {
      const was = condition
        .exec(one)?.[1]
        ?.replace(/[\s;)]+$/, '')
        .replace(/\s+(?:or|\|\|)$/, '');
      if (was === undefined || was.length < 2 || is.length <= was.length || !is.includes(was) || !ofFailure.test(was)) continue;
      const at = is.indexOf(was);
      const [lead, added] = [is.slice(0, at), is.slice(at + was.length)];
      const more = joined.test(added) ? added : joined.test(lead) ? lead : '';
      const value = literal.exec(more);
      if (
        value === null ||
        namesCondition(`if ${more}`) ||
        modes.test(value.slice(1).find((one) => one !== undefined) ?? '') ||
        (named && !/tests?[._/-]\w|\w[._/-]tests?\b|[Tt]est[A-Z]|\w[._]spec\b/.test(value[0]))
      )
        continue;
      return [{ kind: 'outcome_forced', severity: 'violation', evidence: `fails no more for one of them: ${line.slice(0, 140)}` }];
    }
  }
  return [];
}
