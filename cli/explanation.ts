import type { FoundRollout } from '../activities/ledger/ledger.ts';
import { type AmbiguitySummary, describeAmbiguity } from '../schemas/ambiguity.ts';
import type { ArtifactRef } from '../schemas/artifact-ref.ts';
import { type LeftOut, leftOutReasons } from '../schemas/left-out.ts';
import type { LedgerRecordOf, Revision, TaskRecord } from '../schemas/ledger-record.ts';
import { type Decision, decidingRule, type LedgerEntry } from '../schemas/ledger-entry.ts';
import { rolloutId } from '../schemas/rollout-id.ts';
import { isUnknown } from '../schemas/row-origin.ts';
import { placeText } from '../schemas/place.ts';
import { judgingText } from './judging-text.ts';
import type { TestCounts, VerdictSummary } from '../schemas/verdict-summary.ts';

export interface Explained extends FoundRollout {
  task: TaskRecord | null;
  attempts: LedgerRecordOf<'attempt'>[];
  history: Revision[];
  location: (ref: ArtifactRef) => string;
}

/** The fate of one rollout on one screen: what decided first, what matters less after it. */
export function explain(row: Explained): string {
  const { rollout, entry } = row;
  const head = [`${rolloutId(rollout.key)}${entry === null ? '' : `   ${entry.id}`}`, `→ ${fateOf(entry)}`];
  const body = entry === null ? unfinished(row) : decided(entry, row);
  return [...head, '', ...body].join('\n');
}

/** One line: kept, dropped by what, lost, or not decided. */
export function fateOf(entry: LedgerEntry | null): string {
  if (entry === null) return 'not decided yet';
  const deciding = decidingRule(entry);
  if (deciding?.rule === 'unparsed') return `unparsed: ${deciding.reason}`;
  if (deciding !== undefined) return `${entry.ending === null ? 'lost' : 'dropped'} by ${deciding.rule}: ${deciding.reason}`;
  return `kept, ${{ '1': 'resolved', '0': 'not resolved', '-1': 'outcome unknown' }[String(entry.resolved)] ?? ''}`;
}

function unfinished({ task, attempts }: Explained): string[] {
  return [
    ...section('Task', task === null ? ['not on record'] : [`${task.state}${task.problem === null ? '' : `: ${task.problem}`}`]),
    ...section('Attempts', attempts.map(attemptLine)),
  ];
}

function decided(entry: LedgerEntry, { attempts, history, location }: Explained): string[] {
  const by = (decision: Decision['decision']) => entry.decisions.filter((candidate) => candidate.decision === decision);
  return [
    ...section('Against it', by('drop').flatMap(decisionLines)),
    ...section('Noted', by('note').flatMap(decisionLines)),
    ...section(
      'Not judged',
      by('not_judged').map(({ rule, version, reason }) => `${rule} v${version}: ${reason}`),
    ),
    ...section('Kept to', by('keep').length === 0 ? [] : [`${by('keep').length} rules (--json lists them)`]),
    ...section('Verdict', entry.verdict === null ? [] : verdictLines(entry.verdict)),
    ...section('Scanner', findingLines(entry)),
    ...section('Rollout', rolloutLines(entry)),
    ...section('Attempts', attempts.filter(({ outcome }) => outcome === 'infrastructure').map(attemptLine)),
    ...section(
      'Decided',
      history.length > 1 ? history.map(({ number, reason, entry: then }) => `${number}. ${fateOf(then)} (${reason})`) : [],
    ),
    ...section('Artifacts', artifactLines(entry, location)),
  ];
}

const LABEL_WIDTH = 12;

/** The label stands beside the first line; sections without lines are left out. */
function section(label: string, lines: string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}

const EVIDENCE_SHOWN = 3;

function decisionLines({ rule, version, reason, evidence, parameters }: Decision): string[] {
  const given = Object.entries(parameters).filter(([, value]) => typeof value !== 'object');
  const settings = given.length === 0 ? '' : ` (${given.map(([name, value]) => `${name} ${String(value)}`).join(', ')})`;
  const rest = evidence.length - EVIDENCE_SHOWN;
  return [
    `${rule} v${version}${settings}: ${reason}`,
    ...evidence.slice(0, EVIDENCE_SHOWN).map(({ text, turn, call }) => `    ${place(turn, call)}${text}`),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}

function place(turn: number | undefined, call: number | undefined): string {
  if (turn === undefined) return '';
  return call === undefined ? `turn ${turn}: ` : `turn ${turn}, call ${call}: `;
}

const NAMES_SHOWN = 5;

function verdictLines({ resolved, reason, detail, fail_to_pass, pass_to_pass, not_passed, ambiguous = [] }: VerdictSummary): string[] {
  const share = ({ passed, failed }: TestCounts) => `${passed} of ${passed + failed}`;
  const failed = fail_to_pass.failed + pass_to_pass.failed;
  return [
    `resolved ${resolved} (${reason === 'not_tested' ? '' : reason.replaceAll('_', ' ')}${detail === '' ? '' : `${reason === 'not_tested' ? '' : ': '}${detail}`})`,
    ...(reason === 'not_tested'
      ? []
      : [`tests to make pass: ${share(fail_to_pass)} passed; tests to keep passing: ${share(pass_to_pass)} passed`]),
    ...not_passed.slice(0, NAMES_SHOWN).map((name) => `    not passed: ${name}`),
    ...(failed > NAMES_SHOWN ? [`    and ${failed - NAMES_SHOWN} more`] : []),
    ...ambiguous.flatMap(ambiguityLines),
  ];
}

function ambiguityLines({ tests, count, line, ...ambiguity }: AmbiguitySummary): string[] {
  const rest = count - tests.length;
  return [
    `ambiguous (${ambiguity.cause}): ${describeAmbiguity(ambiguity)}`,
    ...tests.map((name) => `    ${name}`),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
    ...(line === '' ? [] : [`    in the log: ${line}`]),
  ];
}

function findingLines({ findings, git_hack_attempted, unparsed, judging, scan }: LedgerEntry): string[] {
  if (scan === null) return [];
  return [
    `${git_hack_attempted ? 'looked for the answer' : `no attempt to look up the answer${scan.unread.length > 0 ? ' in what could be read' : ''}`}${unparsed > 0 ? `; ${unparsed} pieces could not be read` : ''} (version ${scan.scanner_version}, preset ${scan.preset})`,
    ...findings
      .slice(0, 5)
      .flatMap(({ category, rule, severity, turn, call, command, evidence, succeeded, judge }) => [
        `    ${severity} ${category} ${rule}, ${place(turn, call)}${command === '' ? evidence : command}${succeeded ? ' (revealed something)' : ''}`,
        ...(judge === undefined ? [] : [`        judged by ${judge.model}: ${judge.verdict.replace('_', ' ')}: ${judge.reason}`]),
      ]),
    ...(findings.length > 5 ? [`    and ${findings.length - 5} more`] : []),
    ...scan.unread.map((reason) => `    not read: ${reason}`),
    ...(judging === undefined ? [] : [`second judge: ${judgingText(judging)}`]),
  ];
}

function rolloutLines({ ending, turns, usage, cost_usd, teacher, left_out, origin }: LedgerEntry): string[] {
  const tokens = isUnknown(origin, 'tokens')
    ? 'tokens unknown'
    : `${usage.prompt_tokens} prompt and ${usage.completion_tokens} completion tokens`;
  const cost = isUnknown(origin, 'cost') ? ', cost unknown' : cost_usd > 0 ? `, $${cost_usd.toFixed(2)}` : '';
  return [
    `${turns} turns by ${teacher.model}, ${tokens}${cost}`,
    ...(origin === undefined ? [] : [`read from ${placeText(origin.place)} as ${origin.format}`]),
    ...endingLines(ending, origin),
    ...(left_out === undefined ? [] : leftOutLines(left_out)),
  ];
}

function endingLines(ending: LedgerEntry['ending'], origin: LedgerEntry['origin']): string[] {
  const status = origin?.exit_status ?? null;
  const said = status === null ? '' : `; its file says ${status}`;
  if (isUnknown(origin, 'ending')) return [`nobody says how it ended${said}`];
  if (ending === null) return [];
  return [
    `ended as ${ending.kind} (${ending.status})${ending.detail === '' ? '' : `: ${ending.detail}`}${said === `; its file says ${ending.status}` ? '' : said}`,
  ];
}

function leftOutLines({ count, files }: LeftOut): string[] {
  const shown = files.slice(0, EVIDENCE_SHOWN).map(({ path, reason }) => `    ${path} (${leftOutReasons[reason]})`);
  return [
    `the patch is not the whole change: ${count} ${count === 1 ? 'file' : 'files'} could not be taken`,
    ...shown,
    ...(count > shown.length ? [`    and ${count - shown.length} more`] : []),
  ];
}

function attemptLine({ attempt, stage, outcome, code, detail }: LedgerRecordOf<'attempt'>): string {
  return `${stage} ${attempt}: ${outcome === 'finished' ? 'finished' : `${code}: ${detail}`}`;
}

function artifactLines({ task, trajectory, verdict }: LedgerEntry, location: (ref: ArtifactRef) => string): string[] {
  const named: [string, ArtifactRef | null | undefined][] = [
    ['trajectory', trajectory],
    ['verdict', verdict?.ref],
    ['test log', verdict?.log],
    ['task', task],
  ];
  return named.flatMap(([name, ref]) => (ref === null || ref === undefined ? [] : [`${name.padEnd(11)}${location(ref)}`]));
}
