import type { CommandFacts } from '../facts/command-facts.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { escapedPattern } from '../../../platform/escaped-pattern.ts';

/** What stands in for a word that a prompt leaves to be filled in. */
export const blankWord = 'TO_BE_FILLED_IN';

/** Options that make a command show or take more than it does without them. */
const widening =
  /^(?:--all|--branches|--remotes|--tags|--glob|--reflog|-g|--walk-reflogs|--alternate-refs|--indexed-objects|--mirror|--recurse-submodules|--remote|--unreachable|--lost-found|--contains|--no-merged|--batch-all-objects|-U|--upgrade|--pre|--latest|-L|--exec|-exec|-r|-R|--recursive)$/;

/** Whether a command is the one that was told, or does no more than it: placeholders filled, harmless options added. */
export function isSameCommand(done: CommandFacts, told: CommandFacts, prose: boolean): boolean {
  if (done.git !== undefined && told.git !== undefined) {
    return done.git.subcommand === told.git.subcommand && sameGit(done.git, told.git, prose);
  }
  if (done.packages.length > 0 && told.packages.length > 0) return samePackages(done, told);
  if (done.addresses.length > 0 && told.addresses.length > 0)
    return done.addresses.every(({ text }) => told.addresses.some((address) => fills(text, address.text)));
  return done.program === told.program && sameWords(done.command.argv.slice(1), told.command.argv.slice(1), prose);
}

type Git = NonNullable<CommandFacts['git']>;

function sameGit(done: Git, told: Git, prose: boolean): boolean {
  switch (done.subcommand) {
    case 'clone': {
      const [from = ''] = done.words;
      return !done.flags.some((flag) => flag === '--mirror' && !told.flags.includes(flag)) && fills(from, told.words[0] ?? '');
    }
    case 'fetch':
    case 'pull':
      return fetchesNoMore(done, told);
    default: {
      if (done.action !== told.action || !extraFlags(done.flags, told.flags)) return false;
      const revisions = [...told.revisions.map(({ text }) => text), ...told.words];
      return (
        allFilled(done.words, told.words, prose) && done.revisions.every(({ text }) => revisions.some((revision) => fills(text, revision)))
      );
    }
  }
}

/** A fetch of a whole remote covers a fetch of anything there; one of named revisions covers these alone. */
function fetchesNoMore(done: Git, told: Git): boolean {
  const [remote = 'origin', ...wanted] = done.words;
  const [toldRemote = 'origin', ...named] = told.words;
  if (!fills(remote, toldRemote)) return false;
  if (named.length === 0) return done.subcommand !== 'pull' || wanted.length === 0;
  if (done.flags.some((flag) => /^(?:--all|--tags|-t)$/.test(flag) && !told.flags.includes(flag))) return false;
  const from = (refspec: string) => refspec.replace(/^\+|:.*$/g, '');
  return wanted.length > 0 && wanted.every((refspec) => named.some((name) => fills(from(refspec), from(name))));
}

function samePackages(done: CommandFacts, told: CommandFacts): boolean {
  const spec = (facts: CommandFacts, name: string) => facts.command.argv.find((word) => word === name || specOf(word) === name) ?? name;
  if (!extraFlags(optionsOf(done), optionsOf(told))) return false;
  return done.packages.every(({ name, action }) =>
    told.packages.some((one) => one.action === action && fills(spec(done, name), spec(told, one.name).replace(/[.,;)]+$/, ''))),
  );
}

function specOf(word: string): string {
  return word.replace(/^(@?[^@=<>!~[;]+).*$/, '$1');
}

function optionsOf({ command }: CommandFacts): string[] {
  return command.argv.slice(1).filter((word) => word.startsWith('-'));
}

/** Options of its own are harmless unless they widen what the command shows. */
function extraFlags(done: readonly string[], told: readonly string[]): boolean {
  return done.every((flag) => told.includes(flag) || !widening.test(flag.replace(/=.*$/, '')));
}

function sameWords(done: readonly string[], told: readonly string[], prose: boolean): boolean {
  const flags = (words: readonly string[]) => words.filter((word) => word.startsWith('-'));
  const plain = (words: readonly string[]) => words.filter((word) => !word.startsWith('-'));
  return extraFlags(flags(done), flags(told)) && allFilled(plain(done), plain(told), prose);
}

/** The same words in the same order; of a command in running text, what follows it may be left. */
function allFilled(done: readonly string[], told: readonly string[], prose: boolean): boolean {
  if (prose ? done.length > told.length : done.length !== told.length) return false;
  return done.every((word, at) => fills(word, told[at] ?? ''));
}

const hash = /^[0-9a-f]{7,64}$/;

/** Whether a word is what was told: the same address or hash in another spelling, or a placeholder filled in. */
export function fills(word: string, told: string): boolean {
  const one = plainly(word);
  const other = plainly(told);
  if (one === other) return true;
  const blank = new RegExp(`${blankWord}(\\w*)`, 'i').exec(other);
  if (blank !== null) {
    if (/base|commit|sha|hash|rev/.test(blank[1] ?? '')) return hash.test(one) || word === dynamicText;
    const parts = other.split(new RegExp(`${blankWord}\\w*`, 'i')).map(escapedPattern);
    return new RegExp(`^${parts.join('[^\\s-][^\\s]*')}$`).test(one) && !isRemoteBranch(one);
  }
  if (hash.test(one) && hash.test(other)) return one.startsWith(other) || other.startsWith(one);
  return word === dynamicText && hash.test(other);
}

/** No placeholder stands for a branch of a remote or the reflog. */
function isRemoteBranch(word: string): boolean {
  return /^(?:refs\/)?(?:remotes\/|origin\/|upstream\/)|@\{/.test(word);
}

function plainly(word: string): string {
  return word
    .replace(/^["'(]+|["'),.;:]+$/g, '')
    .replace(/^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^/@]*@)?/i, '')
    .replace(/^git@([\w.-]+):/i, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(
      /^api\.github\.com\/repos\/([^/]+\/[^/]+)\/(?:issues\/(\d+)(?:\/comments)?|pulls\/(\d+))$/i,
      (_, repo: string, issue?: string, pull?: string) =>
        issue === undefined ? `github.com/${repo}/pull/${pull ?? ''}` : `github.com/${repo}/issues/${issue}`,
    )
    .toLowerCase();
}
