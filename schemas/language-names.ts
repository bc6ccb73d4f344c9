import { nameTable } from './name-table.ts';
import { Language } from './names.ts';

/** Spellings of language names that sources use. */
const aliases: Record<string, Language> = nameTable({
  py: 'python',
  python3: 'python',
  golang: 'go',
  typescript: 'ts',
  tsx: 'ts',
  javascript: 'js',
  jsx: 'js',
  node: 'js',
  rs: 'rust',
  'c++': 'cpp',
  cxx: 'cpp',
});

/** A language's code, whichever way it is spelt; an unknown name in lower case. */
export function languageCode(name: string): string {
  const spelled = name.trim().toLowerCase();
  return aliases[spelled] ?? spelled;
}

/** The language that a name means; undefined where it is none that is known. */
export function languageNamed(name: string | null): Language | undefined {
  return name === null ? undefined : Language.safeParse(languageCode(name)).data;
}
