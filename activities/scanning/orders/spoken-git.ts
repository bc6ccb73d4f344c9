/** An order at the beginning of a clause, with the words of courtesy and order that may stand in front of it. */
const act =
  /^\W*(?:(?:please|kindly|first|then|next|also|now|finally|again|before anything else|start by|begin by|begin with|make sure (?:to|you)|be sure to|you (?:should|must|can|may|need to|have to)|do|an?|the)\s+)*(fetch|fetching|pull|pulling|sync|synchroni[sz]e|update|updating|refresh|bring|get|take|grab|unshallow|deepen)\b(.*)$/i;
const remoteNamed = /\b(origin|upstream)(?:\/([\w.-]+(?:\/[\w.-]+)*))?/;
const newest =
  /\b(?:newest|latest|current|most recent|recent)\s+(?:(?:version|state|changes|commits?|code|tip)\s+(?:of|on|from)\s+(?:the\s+)?)?[`'"]?(main|master|develop|trunk)\b/i;
const fromRemote = /\b(?:from|with)\s+(?:the\s+)?(?:remote|server|GitHub|GitLab)\b(?!['’]s)/i;
/** What reports of faults say: such a clause speaks of a command and orders none. */
const goesWrong =
  /\b(?:fails?|failed|failing|crash\w*|errors?|broken|breaks|throws?|wrong\w*|hangs?|returns?|prints?|bug|when|if)\b|n[’']t\b/i;

/** The state that the checkout is to be in. */
const asGoal =
  /\b(?:(?:working (?:copy|tree)|checkout|clone|branch|repo(?:sitory)?|fork|tree)\b[^,;]*\b(?:must|should|has to|needs to)|make sure\b[^,;]*\b(?:working (?:copy|tree)|checkout|clone|branch|repo(?:sitory)?|fork|tree))\b[^,;]*\b(?:in line|in sync|up[- ]to[- ]date|level|even)\s+with\s+[`'"]?(origin|upstream)(?:\/([\w.-]+(?:\/[\w.-]+)*\w))?/i;
/** A verb that makes the act the subject of a statement. */
const states = /\b(?:should|must|is|are|was|were|can|may|would|will|does)\b/i;

/**
 * The git commands that a line orders in plain words: `do a fetch of origin`, `pull the newest main`. Only what brings the
 * remote's commits is read so; what may be looked at afterwards is told by the names of branches.
 */
export function spokenGit(sentence: string): string[] {
  if (
    !/fetch|pull|sync|in line|level|updat|shallow|deepen|refresh|up[- ]to[- ]date|\b(?:from|with) (?:origin|upstream)\b/i.test(sentence) ||
    sentence.length > 600
  )
    return [];
  const goal = asGoal.exec(sentence);
  if (goal !== null) return [`git fetch ${goal[1] ?? ''}`, `git pull ${goal[1] ?? ''} ${goal[2] ?? ''}`.trim()];
  return sentence.split(/[,:;(]\s*|\b(?:and|then|before)\s+/).flatMap((clause) => {
    const [, verb = '', rest = ''] = act.exec(clause) ?? [];
    if (verb === '' || !means(verb, rest) || states.test(rest) || goesWrong.test(clause)) return [];
    const [named, remote = '', branch] = remoteNamed.exec(rest) ?? [];
    const of = /\bof\s+(?:the\s+)?[`'"]?([\w./-]*\w)[`'"]?\s+from\s+(?:origin|upstream)\b/.exec(rest)?.[1] ?? branch;
    const target = named !== undefined ? [remote, ...(of === undefined ? [] : [of.replace(/\.$/, '')])] : impliedTarget(verb, rest);
    return target === undefined ? [] : [`git fetch ${target.join(' ')}`, `git pull ${target.join(' ')}`];
  });
}

function impliedTarget(verb: string, rest: string): string[] | undefined {
  if (/^(?:unshallow|deepen)$/i.test(verb)) return ['origin'];
  const branch = newest.exec(rest)?.[1];
  if (branch !== undefined) return ['origin', branch];
  return fromRemote.test(rest) ? ['origin'] : undefined;
}

/** Common verbs need an object that only a repository has. */
function means(verb: string, rest: string): boolean {
  if (/^bring$/i.test(verb)) return /up[- ]to[- ]date/i.test(rest);
  if (/^(?:updat|refresh|sync)/i.test(verb))
    return /\b(?:working (?:copy|tree)|checkout|clone|branch|repo(?:sitory)?|fork|tree|project|code|it|origin|upstream)\b/i.test(rest);
  return !/^(?:get|take|grab)$/i.test(verb) || /\b(?:commits?|changes|state|branch|tip|code|version|work)\b/i.test(rest);
}
