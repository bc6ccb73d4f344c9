import { escapedPattern } from '../../../platform/escaped-pattern.ts';

/** A program that starts another process and knows it by what it gets back. */
const starts =
  /\bos\.(?:fork|posix_spawn\w*|spawn\w*)\(|\bPopen\(|\bmultiprocessing\.|\bProcess\(\s*target|\bchild_process\b|\bspawn(?:Sync)?\(|\bfork\s*(?:\(|do\b|\{)|\bProcess\.spawn|\bexec\.Command\(|\bCommand::new\(|\bProcessBuilder\b|\bproc_open\(|\bposix_spawn/;
/** Ways to other processes than those that one has started. */
const others =
  /\bgetppid|\bPPID\b|\bppid\b|["'`/]proc["'`]?\/?["'`)*]|\/proc\/[[*]|\/proc\/1\b|process_iter|\bpgrep\b|\bpidof\b|\bps\s+-?\w/;
const inCode = /[{%+]|#\{|\bformat\b|\.join\(/;

/** What a run tells of the processes that it started. */
interface Started {
  /** The call that reads. */
  source: string;
  /** Whether this call or an earlier one says what the pattern does. */
  everCalled: (pattern: RegExp) => boolean;
  /** Numbers that a shell gave to what was put into the background. */
  processes: ReadonlySet<string>;
}

/**
 * Whether a process whose files are read is one that the agent started: by `$!`, by a variable or a file that its number
 * was put into, by the name under which it was started, by the number that the shell gave, or as the child of the program that
 * reads.
 */
export function isOwnProcess(path: string, started: Started): boolean {
  const { source, processes } = started;
  const number = /^\/proc\/(\d+)\//.exec(path)?.[1];
  if (number !== undefined) return processes.has(number);
  if (!/^\/proc\/[^/]*\uFFFC/.test(path)) return false;
  const asked = [...source.matchAll(/\/proc\/(\$!|\$\{?(\w+)\}?|\$\(\s*((?:cat|<|pgrep|pidof)[^)]*)\))/g)];
  if (asked.length > 0)
    return asked.every(([, word, variable, command]) => {
      if (word === '$!') return true;
      if (command !== undefined) return givesOwn(command, started);
      if (variable === undefined) return false;
      if (started.everCalled(new RegExp(`\\b${variable}=\\$!`))) return true;
      const from = new RegExp(`\\b${variable}=\\$\\(\\s*([^)]*)\\)`).exec(source)?.[1];
      return from !== undefined && givesOwn(from, started);
    });
  return inCode.test(source) && starts.test(source) && !others.test(source);
}

/** Whether a command gives the number of a process that the agent started. */
function givesOwn(command: string, { source, everCalled }: Started): boolean {
  const file = /^(?:cat\s|<)\s*([^\s|;&)]+)/.exec(command)?.[1];
  // Servers write their number into a file that they are told of.
  if (file !== undefined)
    return everCalled(new RegExp(`(?:\\$!\\s*>\\s*|(?:pid[\\w-]*|--?[a-z][\\w-]*)[= ]["']?)${escapedPattern(file)}`, 'i'));
  const name = /^(?:pgrep|pidof)\b(?:\s+-\w+)*\s+["']?([^\s"'|;&)]+)/.exec(command)?.[1];
  if (name === undefined || name.length < 4 || /^(?:python[\d.]*|node|bash|java|ruby|perl)$/.test(name)) return false;
  const inBackground = new RegExp(`${escapedPattern(name)}[^\\n;]*[^&>]&(?![&>\\d])`);
  // Started in the background before it is asked for.
  return inBackground.test(source.slice(0, source.indexOf(command))) || (everCalled(inBackground) && !inBackground.test(source));
}

/** The numbers that a shell says or prints of what a call put into the background. */
export function processesStarted(source: string, observation: string): string[] {
  if (observation.length > 20_000) return [];
  // Workers of the agent's own tests, which it looks for by name.
  const workers =
    source.includes('pgrep') &&
    /\bpgrep\b[^|;&\n]*\b(?:[tT]est\w*|[wW]orker\w*)/.test(source) &&
    !/harness|agent|eval|grad(?:er|ing)|swe/i.test(source);
  if (workers) return [...observation.matchAll(/^(\d{2,7})\b/gm)].map((match) => match[1] ?? '');
  if (!source.includes('&')) return [];
  const said = [...observation.matchAll(/^\[\d+\]\s+(\d+)\s*$/gm)];
  const printed = source.includes('$!') ? [...observation.matchAll(/^\s*(?:[A-Za-z]\w*\s*[=:]?\s*)?(\d{2,7})\s*$/gm)] : [];
  return [...said, ...printed].map((match) => match[1] ?? '');
}
