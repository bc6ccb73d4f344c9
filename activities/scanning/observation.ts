import { parsedOutput } from './output-wrappings.ts';

const longestObservation = 400_000;
const mostLines = 5_000;

/** What a command printed, by what it tells: lines with something in them, and lines that say that something failed. */
export interface ReadOutput {
  substance: string[];
  failures: string[];
}

/** Failures as programs word them, where a line begins with one. */
const failing = [
  /^(?:fatal|error|err|usage|abort(?:ed)?|panic|denied|exception|failure)\b ?[:!]/i,
  /^(?:Failed|Cannot|Can[’']t|Could ?n[o’']t|Unable|Unknown|Invalid|Unrecogni[sz]ed|Unsupported|Permission denied|Access denied|Operation not permitted|No such|Not found|Not allowed|Not a |Connection |Network |Host |Name or service|Temporary failure|Rejected|Refused|Blocked|Forbidden|Unauthorized|Bad Gateway|Service Unavailable|Killed|Terminated|Aborted|Timeout|Timed out|Execution timed out|Segmentation fault)/i,
  // `ls: cannot access`, `bash: line 1: tig: command not found`, `cat: x: No such file or directory`
  /^(?:[\w./+-]+: (?:line \d+: |\d+: )?)+.*(?:not found|no such|cannot|can't|could not|couldn't|failed|denied|refused|unreachable|not permitted|is a directory|not a |invalid|unknown|unrecogni[sz]ed|unable|no matches|missing|timed out|does not exist|illegal|bad |ambiguous|unrecognized|resolve|unsupported|no input|syntax error|unexpected)/i,
  /^(?:curl: \(\d+\)|wget: |ssh: |E: |W: |npm (?:ERR!|error)|go: .*(?:dial|lookup|no matching|not found)|pip: )/,
  /^(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout|Interrupt)(?:\b.*)?:/,
  /^(?:git: '.*' is not a git command|No (?:stash entries|matches|results|entries|output|files|commits|data|releases|match)\b|Nothing (?:to|found)|There (?:is|are) no\b|Not Found\b|fatal\b|.*: command not found|.*: not found$)/i,
  /^(?:HTTP\/[\d.]+ [45]\d\d|.*awaiting response\.\.\. [45]\d\d|.*ERROR [45]\d\d|<title>\s*[45]\d\d|[45]\d\d:? (?:Not Found|Forbidden|Unauthorized|Client Error|Bad Gateway|Service))/,
  /^\{?\s*"?(?:message|error|detail)"?\s*:\s*"?(?:Not Found|Bad credentials|API rate limit|Moved Permanently|Forbidden|Requires authentication|Resource not)/i,
];

/** Failures that stand anywhere in a line, none across lines: what an output does not hold at all is asked of none of its lines. */
const failingAnywhere = [
  /(?:Could not resolve|Network is unreachable|name resolution|Connection (?:refused|timed out|reset)|Failed to connect|Name or service not known|getaddrinfo|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|NewConnectionError|No matching distribution|dial tcp|Max retries exceeded|no route to host|Proxy(?:Error| CONNECT)|certificate verify failed|operation timed out|API rate limit exceeded)/i,
  /(?:unknown revision|not a git repository|ambiguous argument|did not match any file|bad (?:object|revision|default revision)|is not a valid ref|not a valid object name|does not have any commits|pathspec '.*' did not match)/,
  /\b(?:is|was|are|were|has been) (?:not (?:allowed|permitted|supported|executed|available|installed)|blocked|denied|rejected|cancelled|canceled|interrupted|disabled|terminated|killed)\b/i,
  /\b(?:took (?:more|longer) than|exceeded the (?:time|timeout)|timed out after|time limit)\b/i,
];

/** Lines that come with other output and tell nothing by themselves. */
const empty = [
  /^[-=*#_~+.\s]{2,}$/,
  /^(?:={2,}|-{2,}|#{2,}|\*{2,}|>{2,})\s.*(?:={2,}|-{2,}|#{2,}|\*{2,}|<{2,})$/,
  /^(?:Already up[ -]to[ -]date\.?|Everything up-to-date|Already on '.*'|HEAD is up to date\.?|Up to date|nothing to commit.*)$/i,
  // Counts of nothing, and values that are empty.
  /^(?:[\w./-]+:)?\s*0(?:\s+(?:total|matches|results|files|lines|commits))?$/i,
  /^(?:None|null|undefined|nil|\[\]|\{\}|\(\)|''|""|b''|set\(\)|\(empty\)|\(none\)|<none>|N\/A)$/i,
  // Pagers, and what terminals say of themselves.
  /^(?:\(END\)|:|~|--More--.*|lines \d+-\d+.*|.*\(press (?:h for help|RETURN).*|Press (?:RETURN|ENTER).*|WARNING: terminal is not fully functional.*|-\s+\(press RETURN\))$/i,
  // Hints of git and transfer meters.
  /^(?:hint:|Use '--' to separate|'git <command>|and the repository exists|Please make sure you have|See 'git --help'|remote: Repository not found|or: git |The most similar command|Did you mean)/i,
  /^(?:% Total|Dload|\d+\s+\d+\s+\d+\s+\d+.*--:--|--\d{4}-\d\d-\d\d .*|Resolving .*|Connecting to .*|HTTP request sent.*|Retrying\.?.*)/,
  /^(?:WARNING: (?:Running pip|You are using pip|The directory|Retrying|Skipping)|\[notice\]|Looking in (?:indexes|links)|Requirement already satisfied|DEPRECATION:|Collecting |Defaulting to user)/i,
  /^(?:warning: (?:You appear|redirecting)|dquote>|quote>|heredoc>)/,
];

let last: { observation: string; output: ReadOutput } | undefined;

/** Reads what a tool gave back, without what harness, terminal and pager put around it. Each finding of a call asks, so the last answer is kept. */
export function readOutput(observation: string): ReadOutput {
  if (last?.observation !== observation) last = { observation, output: outputOf(observation) };
  return last.output;
}

function outputOf(observation: string): ReadOutput {
  const output: ReadOutput = { substance: [], failures: [] };
  let traced = false;
  const text = parsedOutput(observation.slice(0, longestObservation));
  const anywhere = failingAnywhere.filter((pattern) => pattern.test(text));
  const fails = (line: string) => failing.some((pattern) => pattern.test(line)) || anywhere.some((pattern) => pattern.test(line));
  for (const raw of text.split('\n', mostLines)) {
    const line = raw.trim();
    if (line === '') continue;
    if (/^Traceback \(most recent call last\)|^(?:node:internal|Uncaught|thrown:|goroutine \d+ \[)/.test(line)) {
      traced = true;
      output.failures.push(line);
    } else if (traced && /^\s/.test(raw)) continue;
    else if (/^(?:at \S+|from \S+:\d+:in |\^+|File ".*", line \d+|Node\.js v\d|caused by:)/i.test(line)) continue;
    else if (isCommit(line)) output.substance.push(line);
    else if (fails(line)) output.failures.push(line);
    else if (!empty.some((pattern) => pattern.test(line))) output.substance.push(line);
  }
  // What a usage text goes on with is no more than the usage.
  if (output.failures.some((line) => /^usage:/i.test(line)) && !output.substance.some(isCommit)) output.substance = [];
  return output;
}

/** A line of a log: what its subject says of failures is the commit's own matter. */
function isCommit(line: string): boolean {
  return /^[|/\\* ]*(?:commit )?[0-9a-f]{6,40}(?:\s|$)/.test(line) && /\d/.test(line.slice(0, 48));
}

const networkFailure =
  /Could not resolve|Network is unreachable|name resolution|Connection (?:refused|timed out|reset)|Failed to connect|Name or service not known|getaddrinfo|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|NewConnectionError|No matching distribution|dial tcp|Max retries exceeded|no route to host|unable to access|Proxy|timed out|rate limit|HTTP\/[\d.]+ [45]\d\d|\b40[134]\b|Not Found|Repository not found/i;

/** What of a command a failure may name. */
export interface Suspect {
  program: string;
  /** Revisions, paths, addresses. */
  words: readonly string[];
  asksNetwork: boolean;
}

/**
 * Whether an observation shows that a command revealed something: there is more in it than failures and noise, and no
 * failure is this command's own.
 */
export function revealsSomething(observation: string, suspect: Suspect): boolean {
  const { substance, failures } = readOutput(observation);
  if (substance.length === 0) return false;
  return !failures.some((line) => concerns(line, suspect));
}

function concerns(failure: string, { program, words, asksNetwork }: Suspect): boolean {
  if (asksNetwork && (networkFailure.test(failure) || failure.startsWith(`${program}: `))) return true;
  if (words.some((word) => word.length > 1 && failure.includes(word))) return true;
  // Git names what it could not find; a failure that names nothing is that of any git command.
  return program === 'git' && /^(?:fatal|error):/.test(failure) && !/['"‘`]/.test(failure);
}
