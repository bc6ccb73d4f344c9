const asked = /--is-ancestor\s+(\S+)\s+(\S+?)\s*(?:2>\s*\S+\s*)?(&&|;|\|\|)\s*([^\n]*)/g;

/** What a call says of a revision that it asks about by `git merge-base --is-ancestor`. */
export interface AncestorQuestion {
  revision: string;
  of: string;
  /** `proven`: the output says yes; `condition`: what follows in the call runs only if it is so; `open`: nobody can tell. */
  answer: 'proven' | 'condition' | 'open';
}

/**
 * Questions of a call's text whether one revision is an ancestor of another, with what its output tells: by the word that was to be
 * printed then (`&& echo yes`), or by the exit code that was printed (`; echo $?`).
 */
export function ancestorQuestions(program: string, observation: string): AncestorQuestion[] {
  if (!program.includes('--is-ancestor')) return [];
  const lines = new Set(observation.split('\n', 200).map((line) => line.trim()));
  return [...program.matchAll(asked)].map(([, revision = '', of = '', joint, then = '']) => ({
    revision,
    of,
    answer: answerOf(joint, then.replaceAll('\\', ''), lines),
  }));
}

function answerOf(joint: string | undefined, then: string, lines: ReadonlySet<string>): AncestorQuestion['answer'] {
  if (joint === ';') {
    if (/^echo\s+["']?\$\?/.test(then)) return lines.has('0') && !lines.has('1') ? 'proven' : 'open';
    return /^then\s/.test(then) ? 'condition' : 'open';
  }
  if (joint !== '&&') return 'open';
  const word = /^echo\s+["']?([^"'|;&$]+?)["']?\s*(?:$|[|;&"'])/.exec(then)?.[1];
  if (word !== undefined && lines.has(word)) return 'proven';
  return word === undefined ? 'condition' : 'open';
}
