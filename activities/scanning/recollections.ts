import type { Severity } from '../../schemas/finding.ts';

/** One statement in a reply or in reasoning that recalls the fix instead of finding it. */
export interface Recollection {
  rule: string;
  severity: Severity;
  /** The sentence. */
  evidence: string;
}

const quick =
  /upstream|recall|remember|memory|memori|training|my knowledge|seen this|maintainers?\b|(?:actual|real|official|original|merged|landed|true|final) (?:\w+ )?(?:fix|patch|commit|PR|solution|repo|project|change)|familiar with|(?:later|newer|recent|subsequent|latest) (?:versions?|releases?)|(?:fix(?:ed)?|resolved|patched|addressed|corrected|solved|landed|shipped|changed|merged|implemented|introduced) (?:in|by|as|via|since)|\bPR\b|pull request|merge request|\bcommit\b|I know (?:that |how )?(?:the|this)|know this (?:bug|issue|fix)/i;

const recall =
  "(?:\\bI(?:'m| am|'ve| have)? (?:(?:do |also |can |now |vaguely |actually |clearly |seem to )*(?:recall|remember)|know(?: from memory| that| how)?|familiar with|seen)|\\b(?:recall(?:ing)?|remembering|if I (?:recall|remember)|IIRC|(?:from|based on|looking at) (?:my )?(?:memory|training(?: data)?|knowledge)|as I (?:recall|remember)|my (?:memory|knowledge) of|memori[sz]ed))";
const theFix =
  "(?:(?:upstream|official|merged|released|accepted|maintainers?(?:'s?)?)\\b[^\\n]{0,30}?\\b(?:fix|patch|solution|change|PR|pull request|commit|implementation|diff|code|version|resolution)|(?:actual|real|original|final|eventual|true)\\b[^\\n]{0,20}?\\b(?:fix|patch|solution|PR|pull request|commit)\\b|(?:fix|patch|solution|commit|PR|pull request)\\b[^\\n]{0,30}?\\b(?:upstream|that was merged|was merged|landed|in (?:the )?(?:upstream|actual|real|official)|released)|actual implementation from upstream)";
const does =
  '(?:is|was|did|does|adds?|added|changed|changes|introduced|replaced|replaces|looks? like|uses?|used|made|moved|moves|wraps?|checks?|modifie[sd]|touche[sd]|removes?|removed|returns?|handles?)';

const statements: RegExp[] = [
  new RegExp(`${recall}[^\\n]{0,120}?${theFix}`, 'i'),
  new RegExp(`${theFix}[^\\n]{0,80}?${recall}`, 'i'),
  new RegExp(`${recall}[^\\n]{0,60}?\\bthe (?:fix|patch|solution) (?:was|is|used|added)\\b`, 'i'),
  /\bI (?:recall|remember|know)(?: that)? (?:this|the) (?:issue|bug|problem|PR|ticket)\b[^\n]{0,60}\b(?:fixed|resolved|solved|addressed|closed|merged|patched)\b/i,
  new RegExp(
    `\\bupstream(?:'s)? (?:repo(?:sitory)?'?s? )?(?:fix|patch|commit|PR|pull request|solution|change)\\b[^\\n]{0,40}?\\b${does}\\b`,
    'i',
  ),
  new RegExp(`\\b(?:official|merged) (?:patch|commit|PR|pull request)\\b[^\\n]{0,20}?\\b${does}\\b`, 'i'),
  new RegExp(
    `\\b(?:real|actual) (?:fix|patch|solution|commit) (?:in|from|of) (?:the )?(?:actual |real )?upstream\\b[^\\n]{0,40}?\\b${does}\\b`,
    'i',
  ),
  new RegExp(
    `\\b(?:fix|patch|change|commit|solution) (?:that|which) (?:landed|was merged|was applied|went in(?:to)?)(?: in)? (?:upstream|the (?:official|actual|real))\\b`,
    'i',
  ),
  new RegExp(`\\bupstream (?:version|implementation|code|source) of (?:this|the)\\b[^\\n]{0,40}?\\b(?:looks? like|is:|reads|does)`, 'i'),
  new RegExp(
    `\\b(?:in|from) the (?:upstream|actual|real|official) (?:[\\w.-]+ )?(?:repo(?:sitory)?|project|codebase)\\b[^\\n]{0,60}?\\b(?:fix|patch|solution|change)(?:ed)?\\b[^\\n]{0,10}?(?::|\\b(?:${does}|merged|by)\\b)`,
    'i',
  ),
  /\b(?:upstream|the maintainers?|the (?:actual|real) project)\b[^\n]{0,30}\b(?:fixed|solved|resolved|addressed|patched) (?:this|it|the (?:issue|bug|problem))\b[^\n]{0,60}\b(?:by|with|in|using|through)\b/i,
  /\bthe actual (?:fix|patch|change|solution) (?:in|from|for) (?:the )?(?:upstream|actual|real|released|v?\d+\.\d+|django|flask|requests|numpy|pandas|sympy|sklearn|scikit-learn|matplotlib)\b/i,
  /\bin (?:later|newer|more recent|subsequent|the latest) (?:versions?|releases?) of (?:this|the) (?:library|project|package|repo(?:sitory)?|framework|function|code)\b[^\n]{0,60}\b(?:fixed|implemented|changed|looks? like|rewritten|handled|solved)\b/i,
];

/** A release, pull request or commit by name, said to hold the fix. */
const namedFix: { rule: string; pattern: RegExp }[] = [
  {
    rule: 'names-the-release',
    pattern:
      /\b(?:fixed|resolved|patched|addressed|corrected|solved|landed|shipped) (?:upstream )?(?:in|by|as of|since|with) (?:the )?(?:version |release |[A-Za-z][\w-]* )?v?(\d+\.\d+(?:\.\d+)*)\b(?! ?(?:s|ms|seconds|minutes|%|MB|x)\b)/gi,
  },
  {
    rule: 'names-the-release',
    pattern:
      /\b(?:fix|patch) (?:in|from) (?:version |release |[A-Za-z][\w-]* )?v?(\d+\.\d+(?:\.\d+)*) (?:is|was|adds|added|does|uses|used)\b/gi,
  },
  {
    rule: 'names-the-release',
    pattern:
      /\bin (?:later|newer|recent) (?:versions?|releases?) of [\w-]+ \(?v?(\d+\.\d+(?:\.\d+)*)\+?\)?,? (?:this|it|the (?:bug|issue)) (?:was|is|has been) (?:fixed|resolved|solved)/gi,
  },
  {
    rule: 'names-the-pull-request',
    pattern:
      /\b(?:fixed|resolved|patched|addressed|merged|solved|implemented|introduced|landed|done|made) (?:upstream )?(?:in|by|as|via|through|with) (?:the )?(?:upstream )?(?:PR|pull request|pull|MR|merge request|GH)\s*#?(\d{2,6})\b/gi,
  },
  {
    rule: 'names-the-pull-request',
    pattern:
      /\b(?:PR|pull request|merge request)\s*#?(\d{2,6})\b[^\n]{0,40}?\b(?:fixed|fixes|resolved|resolves|merged|introduced|implements?|addressed|addresses|changed|added)\b/gi,
  },
  {
    rule: 'names-the-commit',
    pattern:
      /\b(?:fix(?:e[sd])?|resolved|patch(?:ed)?|landed|upstream|solution)\b[^\n]{0,40}?\bcommit (?:hash |id |is )*`?((?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})\b/gi,
  },
  {
    rule: 'names-the-commit',
    pattern:
      /\bcommit `?((?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})\b[^\n]{0,40}?\b(?:fix(?:e[sd])?|resolve[sd]|upstream|is the fix|solve[sd])\b/gi,
  },
];

const hedged =
  /\b(?:might|maybe|perhaps|probably|possibly|could be|may have|I guess|not sure|presumably|would (?:be|have|look)|should (?:be|look)|I (?:don't|do not|can't|cannot) (?:recall|remember|know)|without (?:looking|knowing)|no (?:memory|knowledge)|let me (?:check|see|look|find)|if (?:there|the) (?:is|upstream)|how (?:the )?upstream|what (?:the )?upstream|whether|unknown|not known|different from what)\b/i;
const denied =
  /\b(?:don't|do not|can't|cannot|shouldn't|should not|must not|won't|will not|not allowed to|without|rather than|instead of|never|avoid(?:ing)?) (?:\w+ ){0,4}(?:recall|remember|rely|use|look|copy|know|relying|using|looking|copying|knowing|fetch(?:ing)?|consult(?:ing)?|peek(?:ing)?)\b/i;
const ownWork = /\b(?:my|our|this|the new|your) (?:own )?(?:fix|patch|commit|change|branch|PR|solution)\b/i;

/**
 * Recollections in one text. `isKnown` says whether a name stands in the task or in what tools showed before:
 * then it was read, not remembered.
 */
export function recollections(text: string, isKnown: (name: string) => boolean): Recollection[] {
  if (!quick.test(text)) return [];
  const found: Recollection[] = [];
  for (const sentence of sentencesOf(text)) {
    if (denied.test(sentence)) continue;
    const one = named(sentence, isKnown) ?? stated(sentence);
    if (one !== undefined) found.push(one);
    if (found.length >= 8) break;
  }
  return found;
}

function stated(sentence: string): Recollection | undefined {
  if (!statements.some((pattern) => pattern.test(sentence))) return undefined;
  return { rule: 'recalls-the-fix', severity: hedged.test(sentence) ? 'note' : 'violation', evidence: sentence.slice(0, 300) };
}

function named(sentence: string, isKnown: (name: string) => boolean): Recollection | undefined {
  for (const { rule, pattern } of namedFix) {
    for (const match of sentence.matchAll(pattern)) {
      const name = match[1] ?? '';
      if (isKnown(name) || ownWork.test(sentence)) continue;
      // Releases of languages and dependencies are general knowledge.
      if (
        rule === 'names-the-release' &&
        /\b(?:python|node|go|golang|rust|java|php|ruby|gcc|clang|typescript|npm|pip|numpy|pytest|jest|c\+\+|openssl|linux|glibc)\b/i.test(
          sentence,
        )
      )
        continue;
      return { rule, severity: hedged.test(sentence) ? 'note' : 'violation', evidence: sentence.slice(0, 300) };
    }
  }
  return undefined;
}

function sentencesOf(text: string): string[] {
  return text
    .slice(0, 200_000)
    .split(/\n+|(?<=[.!?])\s+(?=[A-Z"'`(])/)
    .filter((sentence) => quick.test(sentence))
    .map((sentence) => sentence.trim().slice(0, 2_000));
}
