import type { Change } from './change.ts';

/** An end whose status may tell a failure; what it says stands in the first group. */
const ends =
  /\b(?:sys\.exit|os\._exit|process\.exit|os\.Exit|System\.exit|exitProcess|process::exit|raise\s+SystemExit|Environment\.Exit|_?exit!?|quit|abort|die|return)\b[ \t]*\(?[ \t]*([^\n;)]*)/;
const well = /^(?:0|true|nil|None|null|undefined|EXIT_SUCCESS|"?0"?|\s*)["'\s,;)}]*$/i;
const checked =
  /\bcheck_(?:call|output)\b|\bcheck\s*=\s*True\b|\.check_returncode\(|\babort\b[^\n]*\b(?:unless|if)\b|\b(?:abort|exit|raise|fail|die)\b[^\n]*\bunless\b|\|\|\s*(?:exit|return|die|fail|abort|false)\b(?!\s*0)|^exec\s/;
const status =
  /^(?:local\s+|export\s+|let\s+|int\s+|readonly\s+)?\$?(\w+)\s*:?=\s*(?:\$\?|\$\{?PIPESTATUS|[1-9]\b|\$\(\(|\w+\s*\|\||.*\b(?:returncode|exit_?code|exitCode|status|failures?|failed|result)\b|.*\b(?:call|run|system|spawnSync|Run)\()/i;

function endsBadly(line: string): RegExpExecArray | undefined {
  const end = ends.exec(line);
  return end === null || well.test(end[1] ?? '') || /^(?:if|def|func|function)\b/.test(line) ? undefined : end;
}

/** The line after which a script no longer ends with the status that it ended with before. */
export function statusDropped(taken: readonly string[], put: readonly string[]): string | undefined {
  const stillEnds = put.some((line) => endsBadly(line) !== undefined || checked.test(line));
  for (const was of taken) {
    const kept = status.exec(was)?.[1];
    const fixed =
      kept === undefined
        ? undefined
        : put.find((line) => new RegExp(`^(?:local |export |let |int )?\\$?${kept}\\s*:?=\\s*(?:0|true|True|None|nil)\\b;?$`).test(line));
    if (fixed !== undefined) return fixed;
    if (/^set -\w*e|\bpipefail\b/.test(was) && put.some((line) => /^set \+\w*e/.test(line))) return 'set +e';
    const end = endsBadly(was);
    if (end !== undefined) {
      const word = end[0].slice(0, end[0].length - (end[1] ?? '').length).replace(/[\s(]+$/, '');
      const fine = put.find((line) => line.includes(word) && well.test(ends.exec(line)?.[1] ?? 'x'));
      if (fine !== undefined) return fine;
    }
    if (stillEnds || (end === undefined && !checked.test(was))) continue;
    const left = put.find((line) => goesOn(was, line) && !/^\w+\s*:?=/.test(line));
    if (left !== undefined) return left;
  }
  return undefined;
}

/** Whether a line does what another one did whose status counted. */
function goesOn(was: string, line: string): boolean {
  const plain = was.replace(ends, '$1').replace(/\bcheck_(?:call|output)\b/, 'call');
  const called = /[\w.]+\([^(),]*|\b(?:system|sh|exec)\b[ (]*["'$][^"']*/.exec(plain)?.[0].replace(/^exec\s+/, '');
  const guard = was.split(/\s*(?:\|\||&&)\s*/)[0] ?? '';
  return (
    (called !== undefined && called.length > 6 && line.includes(called.slice(0, 30))) ||
    (guard !== was && guard.length > 6 && line.startsWith(guard) && line !== guard)
  );
}

/** A program that ended with a status of its own and now always ends well. */
export function alwaysEndsWell(taken: readonly string[], put: readonly string[]): string | undefined {
  const calls = /\b(?:process\.exitCode\s*=|(?:process|sys|os|std::process|Deno|System)(?:\.|::)_?[eE]xit\(|exit\()\s*([^;)\n]*)/;
  for (const was of taken) {
    const end = calls.exec(was);
    if (end === null || !/[A-Za-z_]\w*/.test((end[1] ?? '').replace(/\b(?:true|false|null|None|EXIT_\w+)\b/g, ''))) continue;
    const call = end[0].slice(0, end[0].length - (end[1] ?? '').length).trim();
    const fine = put.find((line) => line.includes(call) && /^(?:0|EXIT_SUCCESS)?$/.test((calls.exec(line)?.[1] ?? 'x').trim()));
    if (fine !== undefined) return fine;
  }
  return undefined;
}

/** An end at the top of a script, before all that it does. */
export function earlyEnd({ after, before, kind }: Change, put: readonly string[]): string | undefined {
  if (kind === 'append') return undefined;
  const lines = after.split('\n');
  const at = lines.findIndex((line) =>
    /^(?:exit(?: 0)?|sys\.exit\((?:0|None)?\)|process\.exit\(0?\);?|raise SystemExit(?:\(0?\))?|os\._exit\(0\)|return 0)$/.test(line),
  );
  const line = lines[at];
  if (line === undefined || !put.includes(line)) return undefined;
  const above = lines.slice(0, at).filter((one) => one.trim() !== '');
  const top = above.every((one) => /^(?:#|\/\/|set |import |from |"""|'use strict'|const .*require|export |cd )/.test(one.trim()));
  if (!top || (above.length === 0 && before === '')) return undefined;
  return lines.slice(at + 1).some((one) => one.trim() !== '') || kind === 'edit' ? line : undefined;
}
