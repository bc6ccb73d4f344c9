import { baseName } from '../extraction/base-name.ts';
import type { CommandFacts } from '../facts/command-facts.ts';
import { tagsGiven } from '../facts/named-branches.ts';
import { extractCommands } from '../extraction/extract-commands.ts';
import type { Command } from '../extraction/command.ts';
import { ShellSession } from '../extraction/shell-session.ts';
import type { FindingCategory } from '../../../schemas/finding.ts';
import { blankWord, fills, isSameCommand } from './same-command.ts';
import { type ToldCommands, toldCommands } from './told-commands.ts';
import { escapedPattern } from '../../../platform/escaped-pattern.ts';

const forbids = /\b(?:not|never|avoid|forbid\w*|prohibit\w*|off[- ]limits|without)\b|n[’']t\b/i;
const sends =
  /\b(?:see|read|consult|look|check|use|documented|described|notes?|instructions?|listed|stored|find|found|available|contains?|explain\w*|set[- ]?up|examples?|samples?|cat|open|appl(?:y|ied)|run)\b/i;
const takes =
  /\b(?:as )?(?:described|specified|documented|told|laid out|explained) (?:in|at|on|under|by)\b|\baccording to\b|\b(?:address|resolve|answer|review|finish|continue|respond to|reply to)\b.*\b(?:comments?|remarks?|review|pull request|PR|merge request|MR)\b|\b(?:clone|download|fetch|read|open|visit|check ?out|unpack|wget|curl|get (?:it|them|the)|look at|consult)\b/i;
/** What is done with an address that stands before: `… (read it first)`; `Repository: … Clone it to /w`. */
const takesIt =
  /\b(?:read|look at|open|visit|consult|study|clone|download)\s+(?:it|this|that|the\s+(?:issue|ticket|discussion|thread|page))\b/i;
const labelled = /\b(?:repo|repository|project|source|sources|url|remote|upstream)\W*$/i;
/** What is said of a page that was named: that the task stands there, or that its log is to be seen. */
const tellsIn =
  /\b(?:take|use|borrow|pick|port) (?:what|whatever|from)\b|\b(?:everything|all|details?|description|steps|information|requirements|specification)\b[^.]{0,60}\b(?:is|are|in|on|at|there)\b[^.]{0,30}\b(?:ticket|issue|discussion|thread|there)\b|\b(?:see|read|check|look at|consult)\s+(?:the|its|that|this)\s+(?:logs?|output|run|job|ticket|issue|thread|discussion|comments?)\b(?! (?:in|of|at|from)\b)/i;
const clonesIt =
  /^\W*(?:(?:please|first|then|now|start by|begin by)\W+)*(?:clone|cloning|check ?out|download)\s+(?:it|this|that|the\s+(?:repo|repository|project|code|sources?))\b/i;
const grades = /\b(?:grad\w*|evaluat\w*|hidden|scor\w*|judg\w*|verif\w*|will be (?:run|tested|used|checked))\b/i;
const notes =
  /\b(?:set[- ]?up|install\w*|build|environment|project|developer)[ -](?:notes?|instructions?|guide|docs?|documentation)\b|\bREADME\b/i;
const telling = /^(?:README|INSTALL|SETUP|NOTES|INSTRUCTIONS|HACKING|CONTRIBUTING|AGENTS|CLAUDE)[\w.-]*$/i;

const notesAtHome =
  /\b(?:notes?|instructions?|README)\b[^.\n]{0,80}\bhome (?:directory|folder|dir)\b|\bhome (?:directory|folder|dir)\b[^.\n]{0,80}\b(?:notes?|instructions?|README)\b/i;
const byOthers = /\b(?:we|they|grader|graded|grades|judge\w*|evaluat\w*|hidden)\b/i;
/** Where a task makes something of all branches or tags: `one section per tag`, `lists all remote branches`. */
const task = String.raw`^[\s*#-]*(?:\d+[.)]\s*)?(?:please\s+)?(?:write|make|create|list|print|count|generate|produce|collect|compile|delete|remove|prune|clean up|find|tell|compare|summari[sz]e|show)\b.*\b`;
const historyTasks = {
  objects: new RegExp(`${task}(?:biggest|largest|big|large|huge)\\b.*\\b(?:blobs?|objects?|files?)\\b.*\\bhistory\\b`, 'i'),
  commits: new RegExp(`${task}(?:all|every|each|which)\\b.*\\bcommits?\\b`, 'i'),
  tags: new RegExp(`${task}(?:per|each|every|all(?: (?:the|our))?|between(?: the| our)?)(?: \\w+)? (?:tags?|releases?)\\b`, 'i'),
  branches: new RegExp(
    `${task}(?:each|every|all(?: (?:the|our))?|stale|old|merged|unmerged|remote)(?: \\w+)?(?: \\w+)? branch(?:es)?\\b`,
    'i',
  ),
  lost: /\b(?:recover|restore|rescue|undelete|get (?:it|them|that|the \w+|my \w+) back)\b.*\b(?:reflog|lost|deleted|dropped|dangling|unreachable)\b|\b(?:lost|deleted|dropped)\b[^.]*\b(?:commits?|branch|stash)\b[^.]*\b(?:recover|restore|rescue|undelete|back)\b|^\W*(?:please\s+)?(?:repair|rescue|recover)\b.*\b(?:repository|repo|\.git)\b|\bI(?:['’]ve| have)?(?: \w+)? (?:lost|deleted|dropped|reset)\b[^.]{0,60}\b(?:commits?|branch|stash|work)\b/i,
  releases: /\b(?:find|determine|tell|list|note|see|check)\b[^.]*\b(?:which|what|first) (?:releases?|versions?|tags?)\b/i,
};

interface Told {
  facts: CommandFacts;
  kind: ToldCommands['kind'];
  prose: boolean;
}

/**
 * What the task's own text tells the agent to run: the prompts before its first turn, and notes that they point to, once
 * they were read. Worked out when it is first asked for, since few trajectories need it.
 */
export class Orders {
  readonly #texts: string[];
  readonly #factsOf: (command: Command, session: ShellSession) => CommandFacts;
  #told: Told[] | undefined;
  /** Whether the texts point to notes, by the file's name. */
  readonly #notes = new Map<string, boolean>();

  /** `factsOf` works out a command's facts as for the agent's own commands. */
  constructor(texts: readonly string[], factsOf: (command: Command, session: ShellSession) => CommandFacts) {
    this.#texts = texts.filter((text, at) => text !== '' && !texts.slice(0, at).some((other) => other.includes(text)));
    this.#factsOf = factsOf;
  }

  /** Adds notes that the prompt points to. */
  add(text: string): void {
    if (this.#texts.length > 40 || this.#texts.includes(text)) return;
    this.#texts.push(text);
    this.#notes.clear();
    this.#told = undefined;
  }

  /** Whether a prompt points the agent to notes: it names the file, or says that there are set-up notes to be found. */
  pointToNotes(path: string): boolean {
    const name = baseName(path);
    // Agents read the same files again and again.
    const known = this.#notes.get(name);
    if (known !== undefined) return known;
    const points = this.#pointToFileOfNotes(name);
    if (this.#notes.size < 1_000) this.#notes.set(name, points);
    return points;
  }

  #pointToFileOfNotes(name: string): boolean {
    const bare = /^[A-Z]{6,}(?=\.\w+$)/.exec(name)?.[0] ?? name;
    if ([name, bare].some((one) => this.#sentencesWith(one).some((sentence) => !forbids.test(sentence)))) return true;
    return telling.test(name) && this.#texts.some((text) => notes.test(text));
  }

  /** Whether a prompt sends the agent to a place outside the repository, by its full path or that of a folder above it. */
  pointToFile(path: string): boolean {
    if (!/^~?\//.test(path) && !/^[\w.-]+(?:\/[\w.*-]+)+$/.test(path)) return false;
    const places = path.split('/').flatMap((_, at, parts) => (at < 1 ? [] : [parts.slice(0, at + 1).join('/')]));
    return places
      .filter((place) => place.length > 3)
      .some((place) =>
        this.#sentencesWith(place).some((sentence) => sends.test(sentence) && !forbids.test(sentence) && !grades.test(sentence)),
      );
  }

  /** Whether a prompt tells the agent to run a script by its path: reading it is another matter. */
  tellToRun(path: string): boolean {
    const order = new RegExp(
      `(?:^\\W*|[,;:]\\s*|\\b(?:please|then|and|can|should|must|may|now|also|first|finally)\\s+)(?:run|execute)\\s+["'\`]?(?:(?:bash|sh|python3?|node)\\s+)?${escapedPattern(path)}`,
      'i',
    );
    return this.#sentencesWith(path).some((sentence) => order.test(sentence) && !forbids.test(sentence) && !byOthers.test(sentence));
  }

  /** Whether a prompt sends the agent to an issue or pull request on a code host by its number. */
  pointToIssue(number: string): boolean {
    return this.#sentencesWith(`#${number}`).some(
      (sentence) =>
        /\b(?:look at|read|check(?: ?out)?|view|open|consult|see)\b[^.]*\b(?:GitHub|GitLab|gh|glab)\b/i.test(sentence) &&
        !forbids.test(sentence),
    );
  }

  /** Whether the task itself is to search history: for what was lost, for the releases that hold a commit, over all tags or branches. */
  askForHistory(kind: keyof typeof historyTasks): boolean {
    return this.#texts.some((text) =>
      text
        .slice(0, 50_000)
        .split(/(?<=[.!?])\s+|\n+/)
        .some((sentence) => sentence.length < 2_000 && historyTasks[kind].test(sentence) && !forbids.test(sentence)),
    );
  }

  /** Whether a prompt says of a version that it had the fault or had it not, or asks to look at it. */
  nameVersion(version: string): boolean {
    return version !== '' && this.#texts.some((text) => text.includes(version) && tagsGiven(text).includes(version));
  }

  /** Whether a prompt says that work to go on with lies in a stash. */
  get continueStash(): boolean {
    return this.#sentencesWith('stash').some((sentence) => !forbids.test(sentence) && !/`git stash/.test(sentence));
  }

  /** Whether a prompt orders the newest stash to be applied: looking at it first is less. */
  get applyStash(): boolean {
    return this.#orders().some(
      ({ facts: { git }, kind }) =>
        kind === 'order' && git?.subcommand === 'stash' && /^(?:pop|apply)$/.test(git.action) && git.words.length === 0,
    );
  }

  /** Whether a prompt, or notes that it points to, names the address as it stands. */
  namesAddress(address: string): boolean {
    return address.length > 8 && this.#texts.some((text) => text.includes(address.replace(/\/+$/, '')));
  }

  /** Whether a prompt says that the tree's submodules are to be set up. */
  get setUpSubmodules(): boolean {
    return this.#texts.some((text) =>
      /\bsubmodules?\b[^.\n]{0,80}\b(?:initiali[sz]ed?|init|updated?|set up|fetch(?:ed)?)\b|\bsubmodules?\b[^.\n]{0,60}\bnot (?:yet )?(?:checked out|cloned|present|there)\b/i.test(
        text.slice(0, 100_000),
      ),
    );
  }

  /** Whether a prompt says that notes lie in the home directory. */
  get notesAtHome(): boolean {
    return this.#texts.some((text) => notesAtHome.test(text.slice(0, 100_000)));
  }

  /** Whether a prompt tells in plain words to take what lies at an address: `clone https://… and check out …`. */
  asksForAddress(address: string): boolean {
    if (!address.includes('/')) return false;
    return this.#texts.some((text) =>
      [...text.slice(0, 200_000).matchAll(/[^\s<>()"'`]+\/[^\s<>()"'`]+/g)].some((match) => {
        if (!fills(address, match[0])) return false;
        const before =
          text
            .slice(Math.max(0, match.index - 300), match.index)
            .split(/[.!?]\s|\n/)
            .at(-1) ?? '';
        if (forbids.test(before)) return false;
        if (takes.test(before)) return true;
        const after = text.slice(match.index + match[0].length, match.index + match[0].length + 300);
        const rest = after.split(/[.!?]\s|\n/)[0] ?? '';
        if (forbids.test(rest)) return false;
        const next = /^[^\n]*?(?:[.!?]\s+|\n+)([^\n]{0,200})/.exec(after)?.[1] ?? '';
        if (tellsIn.test(`${rest}. ${next}`)) return true;
        return takesIt.test(rest) || (labelled.test(before) && after.split(/[.!?]\s|\n/).some((one) => clonesIt.test(one)));
      }),
    );
  }

  /** The sentences and lines in which a path or a file's name stands as a word of its own. */
  #sentencesWith(name: string): string[] {
    if (name.length < 3) return [];
    const pattern = new RegExp(`(?<![\\w.-])${escapedPattern(name)}(?![\\w-]|/\\w)`);
    return this.#texts.flatMap((text) =>
      text.includes(name) ? text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.length < 4_000 && pattern.test(sentence)) : [],
    );
  }

  /**
   * Whether the task's text covers a command. What reaches the project's publication is covered where it stands there at
   * all; what reaches history, hidden files or the harness only where it is asked for: the report of a bug may speak of
   * `git log --all` without wishing it to be run here.
   */
  cover(done: CommandFacts, category: FindingCategory): boolean {
    return this.#orders().some(
      ({ facts, kind, prose }) => (kind === 'order' || category === 'UPSTREAM') && isSameCommand(done, facts, prose),
    );
  }

  #orders(): Told[] {
    this.#told ??= this.#texts.flatMap((text) => this.#read(text));
    return this.#told;
  }

  #read(text: string): Told[] {
    const session = new ShellSession();
    const assigned = new Set([...text.matchAll(/\b([A-Za-z_]\w*)=/g)].map((match) => match[1] ?? ''));
    return toldCommands(text).flatMap(({ source, kind, prose }) => {
      const command = withBlanks(source, assigned);
      const call = { name: 'bash', args: { command }, raw: '', observation: '' };
      return extractCommands(call, session).commands.map((one) => ({ facts: this.#factsOf(one, session), kind, prose }));
    });
  }
}

/** Shell text in which placeholders are words: `<base commit>`, `{sha}`, `YOUR_BRANCH`, `$BASE` where nothing sets it. */
function withBlanks(source: string, assigned: ReadonlySet<string>): string {
  const blank = (name: string) => `${blankWord}_${name.replace(/\W/g, '_')}`;
  return source
    .replace(/(?<![<(])<([A-Za-z][\w -]{0,40})>/g, (_, name: string) => blank(name))
    .replace(/\{\{?\s*([A-Za-z][\w. -]{0,40}?)\s*\}?\}(?!\w)/g, (whole, name: string, at: number) =>
      /[$@]/.test(source.charAt(at - 1)) ? whole : blank(name),
    )
    .replace(/(?<=[\s/@=])(?:[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+|…|\.{3}(?=\s|$))(?!\w)/g, (name) =>
      /^(?:FETCH_HEAD|ORIG_HEAD)$/.test(name) ? name : blank(name),
    )
    .replace(/\$\{?([A-Za-z_]\w*)\}?/g, (whole, name: string) => (assigned.has(name) ? whole : blank(name)));
}
