import { baseName } from './base-name.ts';
import { dynamicText } from './shell-syntax.ts';
import type { ShellSession } from './shell-session.ts';
import { globSource } from './words.ts';

const globbable = ['git', 'curl', 'wget', 'gh', 'python3', 'python', 'bash', 'sh'];

/** The program that a command's first word names: paths, copies, links and patterns looked through. */
export function programName(word: string, session: ShellSession): string {
  const base = baseName(word);
  if (session.programs.size > 0) {
    const renamed = session.programs.get(session.resolve(word)) ?? session.programs.get(base);
    if (renamed !== undefined) return renamed;
  }
  if (session.origins.size > 0 && word.includes('/')) {
    const origin = session.origins.of(session.resolve(word))?.[0];
    const name = origin?.slice(origin.lastIndexOf('/') + 1);
    if (name !== undefined && globbable.includes(name)) return name;
  }
  if (/[?*[]/.test(base)) {
    const pattern = new RegExp(`^${globSource(base, false)}$`);
    const program = base.length < 64 ? globbable.find((name) => pattern.test(name)) : undefined;
    if (program !== undefined) return program;
  }
  return base.endsWith('.exe') ? base.slice(0, -4) : base;
}

/** True for a word of which nothing is known. */
export function isUnknown(word: string): boolean {
  return word === dynamicText;
}
