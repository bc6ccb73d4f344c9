import type { Severity } from '../../schemas/finding.ts';
import type { ScanPreset } from '../../schemas/scan-preset.ts';
import type { ScanCondition, ScanRule } from '../../schemas/scan-rule.ts';
import { dynamicText } from './extraction/shell-syntax.ts';
import type { CommandFacts } from './facts/command-facts.ts';

/** What matched, in words that show why. */
export interface Match {
  rule: ScanRule;
  severity: Severity;
  evidence: string;
  /** A note whatever it revealed, since the prompt orders it or nothing foreign is in it. */
  excused?: boolean;
}

/** The rules of a preset, ready to be matched with commands. */
export type RuleMatcher = (facts: CommandFacts) => Match[];

interface Compiled {
  rule: ScanRule;
  severity: Severity;
  program: RegExp | undefined;
  /** What the command must have for the condition to be checked at all. */
  needs: 'git' | 'addresses' | 'packages' | 'files' | 'search' | 'environment' | undefined;
  check: (facts: CommandFacts) => string | undefined;
}

/**
 * Makes one matcher of the rules that a preset uses. Most commands break no rule by their program alone, so the
 * conditions that a program can meet with what a command has are worked out once and kept.
 */
export function matcherOf(rules: readonly ScanRule[], preset: ScanPreset): RuleMatcher {
  const conditions = rules.flatMap((rule) => {
    const severity = rule.severity[preset];
    // What a run did to its judgement is asked elsewhere: no command alone tells it.
    const ofCommands = rule.when.filter(({ change }) => change === undefined);
    return severity === undefined ? [] : ofCommands.map((condition): Compiled => ({ rule, severity, ...compiled(condition) }));
  });
  const byProgram = new Map<string, Map<number, Compiled[]>>();
  return (facts) => {
    let byPresent = byProgram.get(facts.program);
    if (byPresent === undefined) {
      byPresent = new Map();
      if (byProgram.size > 4_000) byProgram.clear();
      byProgram.set(facts.program, byPresent);
    }
    const present = presentIn(facts);
    let possible = byPresent.get(present);
    if (possible === undefined) {
      possible = conditions.filter(
        ({ program, needs }) =>
          (program === undefined || program.test(facts.program)) && (needs === undefined || (present & needable[needs]) !== 0),
      );
      byPresent.set(present, possible);
    }
    const matches: Match[] = [];
    for (const { rule, severity, check } of possible) {
      if (matches.some((match) => match.rule === rule)) continue;
      const evidence = check(facts);
      if (evidence !== undefined) matches.push({ rule, severity, evidence });
    }
    return matches;
  };
}

/** A bit for each kind of fact that a condition may need. */
const needable: Record<Exclude<Compiled['needs'], undefined>, number> = {
  git: 1,
  addresses: 2,
  packages: 4,
  files: 8,
  search: 16,
  environment: 32,
};

/** The bits of what a command has. */
function presentIn({ git, addresses, packages, files, search, environment }: CommandFacts): number {
  return (
    (git === undefined ? 0 : needable.git) |
    (addresses.length === 0 ? 0 : needable.addresses) |
    (packages.length === 0 ? 0 : needable.packages) |
    (files.length === 0 ? 0 : needable.files) |
    (search === undefined ? 0 : needable.search) |
    (environment === undefined ? 0 : needable.environment)
  );
}

type Check = (facts: CommandFacts) => string | undefined;

function compiled(condition: ScanCondition): Omit<Compiled, 'rule' | 'severity'> {
  const checks: Check[] = [];
  const { program, words, without, git, action, flag, revision, address, file } = condition;
  const wanted = condition.package;
  if (program !== undefined) checks.push(when(new RegExp(program), (facts) => [facts.program]));
  if (git !== undefined) checks.push(when(new RegExp(git), (facts) => (facts.git === undefined ? [] : [facts.git.subcommand])));
  if (action !== undefined) checks.push(when(new RegExp(action), (facts) => (facts.git === undefined ? [] : [facts.git.action])));
  if (words !== undefined) checks.push(when(new RegExp(words), (facts) => [facts.words]));
  if (flag !== undefined) checks.push(when(new RegExp(flag), (facts) => facts.git?.flags ?? []));
  if (revision !== undefined) {
    checks.push((facts) => {
      const named = facts.git?.named.find(({ standing }) => standing === revision);
      return named === undefined
        ? undefined
        : `${revision} revision ${named.text === dynamicText ? 'that is known at run time only' : named.text}`;
    });
  }
  if (address !== undefined) checks.push((facts) => described(facts.addresses.find(({ kind }) => kind === address)?.text, 'asks '));
  if (wanted !== undefined) {
    checks.push((facts) => {
      const found = facts.packages.find(
        (one) =>
          (wanted.action === undefined || one.action === wanted.action) && (wanted.own === undefined || (one.own ?? null) === wanted.own),
      );
      return found === undefined ? undefined : `package ${found.name}`;
    });
  }
  if (file !== undefined) checks.push((facts) => described(facts.files.find(({ kind }) => kind === file)?.path, 'reads '));
  if (condition.environment !== undefined) {
    checks.push((facts) => (facts.environment?.kind === condition.environment ? described(facts.environment?.text, 'reads ') : undefined));
  }
  if (condition.search === true) checks.push((facts) => described(facts.search, 'searches for '));
  if (without !== undefined) {
    const unwanted = new RegExp(without);
    checks.push((facts) => (unwanted.test(facts.words) ? undefined : ''));
  }
  const check = (facts: CommandFacts) => {
    let evidence = '';
    for (const one of checks) {
      const part = one(facts);
      if (part === undefined) return undefined;
      if (part !== '') evidence = part;
    }
    return evidence;
  };
  return { program: program === undefined ? undefined : new RegExp(program), needs: needsOf(condition), check };
}

function needsOf({ git, action, flag, revision, address, package: wanted, file, search, environment }: ScanCondition): Compiled['needs'] {
  if (git !== undefined || action !== undefined || flag !== undefined || revision !== undefined) return 'git';
  if (address !== undefined) return 'addresses';
  if (wanted !== undefined) return 'packages';
  if (environment !== undefined) return 'environment';
  return file !== undefined ? 'files' : search === true ? 'search' : undefined;
}

function when(expression: RegExp, values: (facts: CommandFacts) => string[]): Check {
  return (facts) => {
    const found = values(facts).find((value) => expression.test(value));
    return found === undefined ? undefined : found.slice(0, 200);
  };
}

function described(text: string | undefined, prefix: string): string | undefined {
  return text === undefined ? undefined : `${prefix}${text.slice(0, 300)}`;
}
