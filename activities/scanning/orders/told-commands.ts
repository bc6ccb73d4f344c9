import { asksInOtherTongue, forbidsInOtherTongue } from './other-tongues.ts';
import { spokenGit } from './spoken-git.ts';

/** Shell text that stands in a prompt, with what the words around it make of it. */
export interface ToldCommands {
  source: string;
  /**
   * `order`: the text asks for it, or it stands among set-up steps. `mention`: it stands there without being asked for, as
   * in the report of a bug. What the text forbids is left out.
   */
  kind: 'order' | 'mention';
  /** Taken from running text, where the words after the command may be no part of it. */
  prose: boolean;
}

const longestText = 200_000;
const longestInline = 600;
const mostPassages = 400;

const shellFences = /^(?:|sh|bash|shell|zsh|console|terminal|shell-session|shellsession|text|txt|plain|cmd|powershell)$/i;
const programs =
  '(?:git|gh|glab|hub|pip3?|pipx|uv|poetry|conda|mamba|python3?|npm|npx|pnpm|yarn|bun|cargo|go|gem|bundle|composer|mvn|gradle|make|cmake|docker|curl|wget|apt|apt-get|apk|dnf|yum|brew|env|printenv|export|find|ls|cat|grep|cp|tar|source|bash|sh)';
const lineStart = new RegExp(String.raw`^(?:[-*+]|\d+[.)])?\s*(?:\$|%|>)?\s*(?:sudo\s+)?(${programs}\s+\S.*)$`);
const inProse =
  /\b((?:git (?:-C \S+ )?(?:clone|fetch|pull|checkout|switch|log|show|diff|reset|remote|submodule|merge|branch|tag|stash|ls-remote|reflog|fsck|cherry-pick|bisect|rebase|lfs|notes|worktree)|pip3? install|pip3? download|npm (?:i|install|ci|view)|yarn add|pnpm add|cargo (?:install|add|update)|go (?:get|install|mod)|gem install|composer require|gh (?:pr|issue|api|repo|release))\b[^`\n]*)/g;

const forbidding =
  /\b(?:not|never|n[’']t|cannot|avoid|forbid\w*|prohibit\w*|disallow\w*|refrain|instead of|rather than|no need|cheat\w*|without|off[- ]limits|tempt\w*|illegal|violat\w*)\b|n[’']t\b/i;
const forbiddenAfter =
  /\b(?:(?:is|are|be|was|were)(?: strictly| explicitly)? (?:not|forbidden|prohibited|disallowed|off[- ]limits|cheating)|n[’']t be|not allowed|not permitted|count as)/i;
const condition = /^\s*(?:\W*)(?:if|when|whenever|in case|should|since|because|unless|once|as)\b[^,]*,/i;
const asking =
  /\b(?:run|execute|use|do|start|begin|first|then|next|please|must|should|need to|needs to|have to|prepare|set ?up|setup|install|clone|fetch|check ?out|pull|download|follow|make sure|ensure|before you|you can|you may|can be|build|work on|to get|steps?|commands?|instructions?|consult|look at|read|see)\b/i;
const settingUp =
  /\b(?:set[- ]?up|install\w*|instructions?|prepar\w*|environment|build\w*|getting started|how to|workflow|requirements?|checkout|repository|steps|first|before|commands?|testing|run\w*)\b/i;
const reporting =
  /\b(?:reproduc\w*|repro|expected|actual|bug|error|traceback|output|observed|what happens|fails?|failed|crash\w*|version info|logs?|example|when i|i (?:ran|run|tried|did|get|got)|prints?|shows?|returns?)\b/i;

/** All shell text in a prompt that is asked for or mentioned, in its order. */
export function toldCommands(text: string): ToldCommands[] {
  const given = text.slice(0, longestText);
  const told: ToldCommands[] = [];
  let heading = '';
  let before = '';
  const lines = given.split('\n');
  for (let at = 0; at < lines.length && told.length < mostPassages; at += 1) {
    const line = lines[at] ?? '';
    const fence = /^\s*(```+|~~~+)\s*([\w+-]*)/.exec(line);
    if (fence !== null) {
      const end = lines.findIndex((other, index) => index > at && other.trimStart().startsWith(fence[1] ?? '```'));
      const body = lines.slice(at + 1, end === -1 ? lines.length : end);
      const steps = /^ya?ml$/.test(fence[2] ?? '')
        ? body.flatMap((one) => /^\s*-?\s*(?:run|script|cmd|command):\s*["']?(\w.*?)["']?$/.exec(one)?.[1] ?? [])
        : [];
      if (steps.length > 0) told.push(...fenced(steps, heading, before));
      else if (shellFences.test(fence[2] ?? '')) told.push(...fenced(body, heading, before));
      at = end === -1 ? lines.length : end;
      continue;
    }
    const title = /^\s*(?:#{1,6}\s+(.+?)#*|\*\*(.+?)\*\*:?|<([a-z][\w -]*)>|([A-Z][\w /-]{2,40}):)\s*$/.exec(line);
    if (title !== null) heading = (title[1] ?? title[2] ?? title[3] ?? title[4] ?? '').replaceAll('_', ' ');
    told.push(...spoken(line, heading));
    if (line.trim() !== '') before = line;
  }
  return told;
}

function fenced(body: readonly string[], heading: string, before: string): ToldCommands[] {
  const typed = body.filter((line) => /^\s*[$%]\s+\S/.test(line)).map((line) => line.replace(/^\s*[$%]\s+/, ''));
  const source = (typed.length > 0 ? typed : body).join('\n');
  if (source.trim() === '' || isForbidden(before, before.length)) return [];
  return [{ source, kind: kindOf(before, heading), prose: false }];
}

/** What one line outside of fences holds: code between backticks, a command as the line, commands in running text. */
function spoken(line: string, heading: string): ToldCommands[] {
  if (line.length > 20_000) return [];
  const told: ToldCommands[] = [];
  const add = (source: string, from: number, to: number, prose: boolean) => {
    const sentence = sentenceAround(line, from, to);
    if (!isForbidden(sentence.text, sentence.from, sentence.to)) told.push({ source, kind: kindOf(sentence.text, heading), prose });
  };
  for (const match of line.matchAll(/(`+)([^`]+)\1/g)) {
    const source = match[2] ?? '';
    if (source.length <= longestInline) add(source.replace(/^\s*[$%]\s+/, ''), match.index, match.index + match[0].length, false);
  }
  const plain = line.replace(/(`+)[^`]*\1/g, (code) => ' '.repeat(code.length));
  const whole = lineStart.exec(line.includes('`') ? plain : line);
  const command = whole?.[1];
  if (command !== undefined) add(command, line.length - command.length, line.length, true);
  else {
    inProse.lastIndex = 0;
    for (let match = inProse.exec(plain); match !== null; match = inProse.exec(plain)) {
      const source = commandOf(match[1] ?? '');
      add(source, match.index, match.index + source.length, true);
      // Another command may stand in the rest of the line.
      inProse.lastIndex = match.index + Math.max(1, source.length);
    }
    for (const sentence of plain.split(/(?<=[.!?;])\s+/)) {
      if (forbidding.test(sentence)) continue;
      told.push(...spokenGit(sentence).map((source) => ({ source, kind: 'order' as const, prose: false })));
    }
  }
  return told;
}

/** A command in running text up to where the sentence ends or goes on in words. */
function commandOf(text: string): string {
  const end =
    /[.;:!?,)"'\]}]+(?:[\s,\]}]|$)|\s(?=(?:and|then|before|after|so|first|since|because|which|und|dann|et|puis|y|luego|e)\s)/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

function sentenceAround(line: string, from: number, to: number): { text: string; from: number; to: number } {
  const start = Math.max(...[...line.slice(0, from).matchAll(/[.!?]\s+/g)].map((match) => match.index + match[0].length), 0);
  const rest = /[.!?](?:\s|$)/.exec(line.slice(to));
  const end = rest === null ? line.length : to + rest.index;
  return { text: line.slice(start, end), from: from - start, to: Math.min(to, end) - start };
}

/** Whether the words before or after the command forbid it; an if clause in front of the sentence is left aside. */
function isForbidden(sentence: string, from: number, to = sentence.length): boolean {
  const before = sentence.slice(0, from).replace(condition, '');
  if (forbidding.test(before) || forbiddenAfter.test(sentence.slice(to))) return true;
  const around = `${before} ${sentence.slice(to)}`;
  return asksInOtherTongue(around) && forbidsInOtherTongue(around);
}

function kindOf(context: string, heading: string): ToldCommands['kind'] {
  const words = context.replace(/`[^`]*`/g, ' ');
  if (reporting.test(words) || reporting.test(heading)) return 'mention';
  if (asking.test(words) || settingUp.test(heading) || settingUp.test(words)) return 'order';
  return asksInOtherTongue(words) && !forbidsInOtherTongue(words) ? 'order' : 'mention';
}
