const named = /\bbranch(?:es)?\s+(?:is\s+|named\s+|called\s+)?[`'"‘“]([\w./-]+)[`'"’”]|[`'"‘“]([\w./-]+)[`'"’”]\s+branch\b/g;
const given =
  /\b(?:you|you['’]re|your|previous work|earlier work|continue|work(?:ing)? on|start from|checked out|check ?out|switch to|based on|current|currently|use|mine|ours|my|go on|carry on|pick(?:ed)? up|resume|in progress|(?:half[- ]|un)finished|attempt|draft|prototype|started on)\b/i;
const withheld =
  /\b(?:not|never|n[’']t|fixed|upstream(?!\/)|merged|solution|reference|gold|later|future|released|hidden|avoid|without)\b|n[’']t\b/i;

/** The task is one about branches: they are what it is to be done with. */
const task =
  /^\W*(?:\d+[.)]\s*)?(?:(?:please|then|first|next|finally|now|and)\b,?\s*)*(?:re-?base|merge|review|compare|back-?port|cherry-pick|forward-port|port|squash|split|resolve|reconcile|bring|sync)\b/i;
/** Names of branches in a sentence on such a task, quoted or not. */
const inTask = [
  /\b((?:origin|upstream)\/[\w.-]+(?:\/[\w.-]+)*)/g,
  /[`'"‘“]([\w.-]+(?:\/[\w.-]+)*)[`'"’”]/g,
  /\bbranch(?:es)?\s+((?!is\b|was\b|that\b|which\b|and\b|of\b|to\b|on\b|in\b|from\b)[\w.-]+(?:\/[\w.-]+)*)/g,
  /\b((?:feature|feat|fix|bugfix|hotfix|topic|release|releases|stable|maint|support|wip|user|chore)\/[\w.-]+(?:\/[\w.-]+)*)/g,
  /\b(?:on|onto|into|against|from|with|to|of|merge|pull|sync)\s+(main|master|develop|trunk|dev|stable|next)\b/g,
  /`git (?:merge|rebase|cherry-pick|checkout|switch) ([\w./-]+)`/g,
];

/** A clause that tells of what goes wrong is no order, whatever word it begins with. */
const goesWrong = /\b(?:fails?|failed|failing|crash\w*|errors?|broken|breaks|throws?|wrong\w*|hangs?|reproduc\w*)\b/i;
/** The user's branch, and the one that it is held against: `my branch is slower than main`. */
const ownBranch = /\b(?:my|our|your|this|the current) branch\b/i;
const besideOwn = /\b(?:than|against|behind|ahead of|off)\s+[`'"]?(main|master|develop|trunk)\b(?![-/])/g;
/** A branch that is told with its commit. */
const withCommit = /\bbranch\s+[`'"‘“]?([\w./-]*\w)[`'"’”]?\s*\(?(?:(?:at|by|in)\s+)?(?:commit|@)\s*[0-9a-f]{7,40}\b/g;
/** Where the prompt says that a branch of the remote can be found, or which branch or tag is to be checked out. */
const pointedOut = [
  /\b(?:in line|in sync|up[- ]to[- ]date|level|even)\s+with\s+[`'"‘“]?((?:origin|upstream)\/[\w.-]+(?:\/[\w.-]+)*)/g,
  /\b(?:available|found|present|kept|lies)\s+(?:as|at|in|on|under)\s+[`'"‘“]?((?:origin|upstream)\/[\w.-]+(?:\/[\w.-]+)*)/g,
  /\b(?:check ?out|switch to|branch off(?: from)?)\s+(?:the\s+)?(?:(?:branch|tag|release|version|maintenance|stable)\s+){0,2}[`'"‘“]?((?=[\w./-]*(?:\d|\/))[A-Za-z\d][\w./-]*\w|main|master|develop|trunk)(?![\w:/])/g,
  /\b(?:base (?:your|the|this|its) (?:changes?|work|fix(?:es)?|patch|branch) on|(?:is|lives?|happens?|exists?|reproduces?|work|commit|fix it) on)\s+(?:the\s+)?(?:branch\s+)?[`'"‘“]?((?=[\w./-]*\/)[A-Za-z][\w./-]*\w)(?![\w:/])/g,
];

/** A task on what lies between two points of history: both are given. */
const betweenTask =
  /^\W*(?:\d+[.)]\s*)?(?:please\s+)?(?:write|list|summari[sz]e|compare|generate|prepare|draft|describe|produce|compile|show|diff)\b/i;
const between =
  /\b(?:between|from)\s+(?:the\s+)?(?:(?:tags?|branch(?:es)?|releases?|versions?|commits?)\s+)?[`'"‘“]?([\w./-]*[\w])[`'"’”]?\s+(?:and|to|until|up to)\s+(?:the\s+)?(?:(?:tag|branch|release|version|commit)\s+)?[`'"‘“]?([\w./-]*[\w])/gi;

/** What a sentence tells to do, one act a piece. */
function clausesOf(sentence: string): string[] {
  return sentence.split(/[,:(]\s*|\b(?:and|then)\s+/);
}

function sentencesOf(prompt: string): string[] {
  return prompt
    .replace(/\b(origin|upstream)['’]s (main|master|develop|trunk)\b/g, '$1/$2')
    .split(/(?<=[.!?;])\s+|\n+/)
    .filter((sentence) => sentence.length <= 2_000);
}

/** Branches that a prompt gives to the agent: its own earlier work, the one that is checked out, or those that the task is about. */
export function branchesGiven(prompt: string): string[] {
  return sentencesOf(prompt).flatMap((sentence) => {
    if (withheld.test(sentence)) return [];
    const ends = betweenTask.test(sentence) ? [...sentence.matchAll(between)] : [];
    if (ends.length > 0) return ends.flatMap(([, one = '', other = '']) => [one, other]);
    const acts = task.test(sentence) ? [sentence] : clausesOf(sentence).filter((clause) => task.test(clause) && !goesWrong.test(clause));
    const names = acts.flatMap((act) =>
      inTask.flatMap((pattern) => [...act.matchAll(pattern)].flatMap(([, name = '']) => name.replace(/\.$/, ''))),
    );
    for (const clause of clausesOf(sentence).filter((one) => !goesWrong.test(one)))
      names.push(...pointedOut.flatMap((pattern) => [...clause.matchAll(pattern)].map(([, name = '']) => name)));
    if (ownBranch.test(sentence)) names.push(...[...sentence.matchAll(besideOwn)].map(([, name = '']) => name));
    names.push(...[...sentence.matchAll(withCommit)].map(([, name = '']) => name));
    if (given.test(sentence)) names.push(...[...sentence.matchAll(named)].flatMap(([, behind, before]) => behind ?? before ?? []));
    return names;
  });
}

const version = /(?<![\w./-])v?\d+\.\d+(?:\.\d+)*(?:[.-]?(?:rc|alpha|beta|a|b)\.?\d+)?(?![\w/-]|\.\d)/g;
/** Words by which a version is one that the reporter had, or from which the work starts. */
const had =
  /\b(?:regress\w*|since|worked|works|(?:was|is|were) (?:fine|ok|okay|good)|used to|broke\w*|introduced|affected|affects|happens|fails?|crash\w*|upgrad\w*|using|installed|reproduc\w*|check ?out|work on|based on|start from|changes since|everything since|versions|tags?|slow\w*|fast\w*|compare\w*|bisect\w*)\b/i;
const coming =
  /\b(?:will|planned|upcoming|next|future|target\w*|milestone|not|never|hidden)\b|n[’']t\b|\bfixed\b|\b(?:fix|solution|patch)\b[^.]{0,30}\b(?:in|from|by|with)\b/i;

/** A version of what the project runs on says nothing of its tags. */
const otherSoftware =
  /\b(?:python|pypy|node(?:\.?js)?|npm|go(?:lang)?|rust(?:c)?|java|jdk|openjdk|php|ruby|rails|perl|elixir|otp|erlang|scala|kotlin|swift|gcc|clang|llvm|\.net|dotnet|ubuntu|debian|alpine|fedora|mac ?os|os ?x|windows|linux|android|ios|django|numpy|pandas|react|angular|vue|typescript|webpack|postgres\w*|mysql|sqlite|redis|openssl|glibc|http|tls|unicode|ecmascript|es)[ =@v-]*$/i;

/** Tags of the versions that a prompt says the fault was or was not in, or to start from: HEAD lies after them. */
export function tagsGiven(prompt: string): string[] {
  return tagsIn(prompt, (sentence, before) => had.test(sentence) && !otherSoftware.test(before));
}

/** What stands before a version of the project itself, and before none of other software. */
const ofProject = /(?:\b(?:since|in|from|before|until|after|with|release|version|tag)|^\W*(?:affected )?versions?\s*:)\s+[`'"(]?$/i;

/** Versions of the project that a prompt speaks of as being there, in both forms of tags: all up to them lie before HEAD. */
export function versionsReached(prompt: string): string[] {
  return tagsIn(prompt, (_, before) => ofProject.test(before));
}

/** Versions that are not still to come, in both forms of tags, as their sentence and what stands before them in it tell. */
function tagsIn(prompt: string, counts: (sentence: string, before: string) => boolean): string[] {
  return sentencesOf(prompt).flatMap((sentence) => {
    if (coming.test(sentence)) return [];
    return [...sentence.matchAll(version)].flatMap(({ 0: name, index }) => {
      if (!counts(sentence, sentence.slice(Math.max(0, index - 30), index))) return [];
      const bare = name.replace(/^v/, '');
      return [bare, `v${bare}`];
    });
  });
}
