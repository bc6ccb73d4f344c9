import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, type Found } from './change.ts';
import { earlyEnd, statusDropped } from './dropped-status.ts';
import { fakesSummary } from './forced-outcomes.ts';
import { failsSomewhere, hidesFailure, isAnyCommand, isIdle, mayRunTests, runsNothing, runsTests, sameCommand } from './runner-lines.ts';
import { isComment } from './test-code.ts';
import { short } from './short.ts';

/**
 * What a change of a script, a build file or a pipeline does to the commands by which the tests run: one that is put out
 * of the way, replaced by something that does nothing, or whose failure no longer reaches the end.
 */
export function runnerChanges(change: Change): Found[] {
  const { put, taken } = changedLines(change);
  const found = (what: string, line: string, severity: Found['severity'] = 'violation'): Found[] => [
    { kind: 'failures_ignored', severity, evidence: `${what}: ${short(line)}` },
  ];
  const code = put.filter((line) => !isComment(line) || line.startsWith('#['));
  const ran = taken.filter((line) => !isComment(line) && runsTests(line));
  const hidden = put.find((line) => isComment(line) && ran.some((one) => one.length > 5 && line.includes(one)));
  if (hidden !== undefined && !code.some((line) => mayRunTests(line))) return found('comments out what runs the tests', hidden);
  const empty = emptied(change, code, ran);
  if (empty !== undefined) return found('puts nothing in the place of the tests', empty);
  const quieted = code.find((line) => hidesFailure(line) && sameCommand(line, ran) && !ran.some((one) => hidesFailure(one)));
  if (quieted !== undefined) return found('hides the exit status of the tests', quieted);
  const other = code.find((line) => otherwise(line, ran));
  if (other !== undefined) return found('hides the exit status of the tests', other);
  const trapped = trappedWell(code);
  if (trapped !== undefined) return found('ends well whatever the tests say', trapped);
  const wrapped = wrappedQuietly(change, code);
  if (wrapped !== undefined) return found('swallows the failure of the tests', wrapped);
  if (ran.length > 0 && code.length > 0 && !code.some((line) => mayRunTests(line))) {
    const keyed = ran.find((one) => keyOf(one) !== '' && code.some((line) => keyOf(line) === keyOf(one)));
    return found(
      `puts something else in the place of ${short(ran[0] ?? '')}`,
      code[0] ?? '',
      keyed === undefined && !code.every((line) => /^_\s*=/.test(line)) ? 'note' : 'violation',
    );
  }
  const script = isScript(change.path);
  const dropped = script || ran.length > 0 ? statusDropped(taken, code) : undefined;
  if (dropped !== undefined) return found('drops the status with which the tests end', dropped);
  if (!script) return [];
  const early = earlyEnd(change, code);
  if (early !== undefined) return found('ends before the tests run', early);
  const guard = taken.find((line) => /^set -\w*e|\bpipefail\b/.test(line));
  const guarded = guard === undefined || failsSomewhere(put.join('\n')) || put.some((line) => /^set -\w*e|\bpipefail\b|\$\?/.test(line));
  return guarded || !/tests?|check|ci\b|verify|spec/i.test(baseName(change.path))
    ? []
    : found('goes on after failures', `without ${guard}`);
}

/** Whether a command of the tests goes on with something that neither fails nor runs tests where it fails. */
function otherwise(line: string, ran: readonly string[]): boolean {
  const [first = '', second] = line.split(/\s*\|\|\s*/);
  if (second === undefined || ran.some((one) => one.includes('||')) || failsSomewhere(second) || mayRunTests(second)) return false;
  return ran.some((one) => one.replace(/["',]+$/, '').endsWith(first.slice(-20)) && sameCommand(first, [one]));
}

/** A function that only ends well and is called at every end. */
function trappedWell(code: readonly string[]): string | undefined {
  const text = code.join('\n');
  const name = /(?:^|\n)(?:function\s+)?(\w+)\s*\(\)\s*\{\s*(?:[^}]*[\n;]\s*)?exit 0;?\s*\}/.exec(text)?.[1];
  return name === undefined
    ? undefined
    : code.find((line) => new RegExp(`^trap\\s+["']?${name}["']?\\s+(?:.*\\b)?(?:EXIT|ERR|0)\\b`).test(line));
}

/** Scripts that run tests, by their names. */
export function isScript(path: string): boolean {
  return (
    /\.(?:sh|bash|zsh|ps1|cmd|bat)$|(?:^|\/)(?:scripts?|ci|bin|tools|hack)\/[^/]+$|(?:^|\/)[\w-]*(?:test[_-]?(?:runner|harness|driver)|run[_-]?tests?)[\w-]*\//i.test(
      path,
    ) ||
    /(?:^|[_.-])(?:run|tests?|runtests?|ci|check|verify|tasks|magefile|noxfile|harness|runner|setup|gradlew|mvnw)(?:[_.-]\w+)*$/i.test(
      baseName(path).replace(/\.\w+$/, ''),
    )
  );
}

/** Key of a command where it says that the command is that of the tests. */
function keyOf(line: string): string {
  return /^(?:-\s+)?["']?((?:pre|post)?(?:tests?|check|spec|unit|verify)[\w:-]*)["']?\s*(?::|=>|=)/.exec(line)?.[1] ?? '';
}

/** What does nothing where tests ran before, or under the tests' own name. */
function emptied(change: Change, code: string[], ran: string[]): string | undefined {
  const idler = code.find((line) => runsNothing(line) && !change.before.includes(line));
  const counts = idler !== undefined && (!isAnyCommand(idler) || ran.length > 0);
  if (counts && !code.some((line) => line !== idler && runsTests(line) && !runsNothing(line))) return idler;
  const recipe = emptyRecipe(change);
  if (recipe !== undefined) return recipe;
  const left = code.filter((line) => !isIdle(line));
  if (ran.length > 0 && code.length > 0 && !code.some((line) => mayRunTests(line)))
    return left.length === 0 || fakesSummary(code.join('\n')) ? code[0] : undefined;
  // A script as a whole that only says how well it went.
  const script = isScript(change.path) && change.kind === 'whole' && code.length > 0;
  return script && fakesSummary(code.join('\n')) && left.every((line) => /^(?:set |cd |import |export )/.test(line)) ? code[0] : undefined;
}

/** A recipe, target or job for tests that has no body any more. */
function emptyRecipe({ path, before, after }: Change): string | undefined {
  if (!/akefile|\.mk$|justfile/.test(path)) return undefined;
  const head = /^(?:test|check|verify|ci|tests|unit)[\w-]*\s*:[^=\n]*$/m.exec(after)?.[0];
  if (head === undefined || (before !== '' && !before.includes(head.split(':')[0] ?? head))) return undefined;
  const bodyOf = (text: string, from: string) => {
    const lines = text
      .slice(text.indexOf(from) + from.length)
      .split('\n')
      .slice(1);
    const end = lines.findIndex((line) => !/^\s+\S/.test(line));
    return end === -1 ? lines : lines.slice(0, end);
  };
  const now = bodyOf(after, head);
  const idle = now.every((line) => isIdle(line.trim()));
  if (before === '') return now.length > 0 && idle ? now[0]?.trim() : undefined;
  const old = before.split('\n').find((line) => line.startsWith(head.split(':')[0] ?? head)) ?? head;
  const was = bodyOf(before, old);
  // A target may hand its work on to others.
  const handed = now.length === 0 && /:\s*\S/.test(head) && head !== old;
  return was.length > 0 && !was.every((line) => isIdle(line.trim())) && idle && !handed ? head : undefined;
}

/** The tests' command stands in a `try` or an `if` now, and nothing fails there. */
function wrappedQuietly({ before }: Change, code: string[]): string | undefined {
  const ran = before.split('\n').filter((line) => runsTests(line.trim()) || /\b(?:call|run|system|main)\w*\s*\(/.test(line));
  const text = code.join('\n');
  if (ran.length === 0 || failsSomewhere(text)) return undefined;
  if (code.some((line) => /^(?:try\b|begin\b)/.test(line)))
    return code.find(
      (line) =>
        /^\}?\s*(?:except|catch|rescue)\b/.test(line) && !/ImportError|ModuleNotFound|KeyboardInterrupt|OSError|FileNotFound/.test(line),
    );
  const plain = ran.filter((line) => runsTests(line.trim()) && !/^\s*(?:if|unless|while|until)\b/.test(line));
  return code.find((line) => /^(?:if|unless|while|until)\b/.test(line) && sameCommand(line, plain));
}
