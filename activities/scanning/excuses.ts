import type { Command } from './extraction/command.ts';
import { programName } from './extraction/program-name.ts';
import type { ShellSession } from './extraction/shell-session.ts';
import type { CommandFacts } from './facts/command-facts.ts';
import type { RepositoryKnowledge } from './facts/repository-knowledge.ts';
import type { Match } from './match-rules.ts';
import type { Orders } from './orders/orders.ts';

/** What is known of a task that may clear a command. */
export interface Fair {
  orders: Orders;
  repository: RepositoryKnowledge;
}

/** What makes a command that a rule matched a note at most, in words for the evidence; undefined where nothing does. */
export function excuseOf({ rule }: Match, facts: CommandFacts, observation: string, { orders, repository }: Fair): string | undefined {
  const { git } = facts;
  // A listing of branches that holds none but the agent's own and the current one is no more than orientation.
  if (rule.category === 'LOCAL_GIT' && git?.subcommand === 'branch' && repository.showsOnlyFair(observation, git))
    return 'and nothing foreign is listed';
  if (rule.category === 'UPSTREAM' && git?.subcommand === 'fetch' && fetchesOnlyFair(git.words, git.flags, repository))
    return 'and fetches no more than the base';
  if (orders.cover(facts, rule.category)) return 'and the prompt orders it';
  if (rule.category === 'UPSTREAM' && facts.addresses.length > 0 && facts.addresses.every(({ text }) => orders.asksForAddress(text)))
    return 'and the prompt orders it';
  if (facts.files.length > 0 && facts.files.every(({ path }) => generalNotes.test(path))) return 'and these are notes for everybody';
  if (facts.files.length > 0 && facts.files.every(({ path }) => orders.pointToFile(path))) return 'and the prompt points there';
  return undefined;
}

/** Commits that are known to be fair, named one by one: the base and what lies before it. */
function fetchesOnlyFair([, ...refspecs]: readonly string[], flags: readonly string[], repository: RepositoryKnowledge): boolean {
  if (flags.includes('--all') || flags.includes('--tags') || flags.includes('-t')) return false;
  return (
    refspecs.length > 0 &&
    refspecs.every((refspec) => {
      const from = refspec.replace(/^\+|:.*$/g, '');
      return /^[0-9a-f]{7,64}$/i.test(from) && repository.standing(from, true) === 'fair';
    })
  );
}

/** Notes that a machine or a project gives to whoever comes: at its root, or in a folder of a checkout. */
const generalNotes = /^(?:\/|\/(?:home|root|workspace|app|repo|src|testbed)\/)(?:README|INSTALL|SETUP|CONTRIBUTING|LICENSE)[\w.*-]*$/i;

const noteFile =
  /(?:\.(?:md|txt|rst|adoc|org|sh|cfg|ya?ml|toml)|(?:^|\/)(?:README|INSTALL|SETUP|NOTES|INSTRUCTIONS|HACKING|CONTRIBUTING|AGENTS|CLAUDE|Makefile)[\w.-]*)$/i;

/** Whether a command of a call reads notes that the prompt points to, which the agent did not write itself. */
export function readsNotes(commands: readonly Command[], session: ShellSession, orders: Orders): boolean {
  return commands.some(({ argv: [word = '', ...args] }) => {
    if (!/^(?:cat|less|more|head|tail|view|sed|bat|batcat|nl)$/.test(programName(word, session))) return false;
    return args.some((arg) => noteFile.test(arg) && orders.pointToNotes(arg) && !session.wrote(arg));
  });
}
