import type { Tree } from '../tree.ts';
import { needs, type Tooling } from './tooling.ts';

const marks = ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', 'requirements.txt'];
const testRequirements =
  /^(?:(?:requirements\/)?(?:test|tests|testing|dev|develop)(?:[-_]requirements)?|requirements[-_](?:test|tests|testing|dev))\.txt$/;
const extraNames = ['test', 'tests', 'testing', 'dev'];

/** Python: the package with its test extra, and pytest, which runs tests of unittest too. */
export async function pythonTooling(tree: Tree): Promise<Tooling | undefined> {
  const found = marks.filter((name) => tree.paths.has(name));
  if (found.length === 0) return undefined;
  const pyproject = (await tree.read('pyproject.toml')) ?? '';
  const setup = `${(await tree.read('setup.cfg')) ?? ''}\n${(await tree.read('setup.py')) ?? ''}`;
  const installable = /^\[(?:build-system|project)\]/m.test(pyproject) || tree.paths.has('setup.py');
  const extra = extraNames.find((name) => extrasOf(pyproject, setup).has(name));
  const files = [...tree.paths].filter((path) => path === 'requirements.txt' || testRequirements.test(path)).sort();
  const wanted = [
    ...(installable ? [`-e ${extra === undefined ? '.' : `'.[${extra}]'`}`] : []),
    ...files.map((path) => `-r ${path}`),
    ...dependencyGroup(pyproject).map((name) => `'${name}'`),
  ];
  return {
    languages: ['python'],
    from: found.join(', '),
    install: [
      needs('pip3', 'python3-pip python3-dev'),
      // Debian's Python refuses pip without this; others do not know the variable.
      'export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore',
      ...(wanted.length > 0 ? [`python3 -m pip install -q ${wanted.join(' ')}`] : []),
      'python3 -c "import pytest" 2>/dev/null || python3 -m pip install -q pytest',
    ],
    test: ['python3 -m pytest -rA -p no:cacheprovider'],
    parser: 'parse_log_pytest',
    publicImage: 'python:3.12',
  };
}

function extrasOf(pyproject: string, setup: string): Set<string> {
  const names = [
    ...sectionOf(pyproject, 'project.optional-dependencies').matchAll(/^\s*"?([\w-]+)"?\s*=\s*\[/gm),
    ...sectionOf(setup, 'options.extras_require').matchAll(/^([\w-]+)\s*=/gm),
    ...(/extras_require\s*=\s*\{(.*?)\}/s.exec(setup)?.[1] ?? '').matchAll(/["']([\w-]+)["']\s*:/g),
  ];
  return new Set(names.map((match) => match[1] ?? ''));
}

/** Requirements of the first dependency group for tests; groups that include others are followed no further. */
function dependencyGroup(pyproject: string): string[] {
  const section = sectionOf(pyproject, 'dependency-groups');
  for (const name of extraNames) {
    const list = new RegExp(`^\\s*"?${name}"?\\s*=\\s*\\[((?:[^"'\\]]|"[^"]*"|'[^']*')*)\\]`, 'm').exec(section)?.[1];
    const plain = list?.replaceAll(/\{[^}]*\}/g, '').replaceAll(/#.*$/gm, '');
    if (plain !== undefined) return [...plain.matchAll(/"([^"']+)"|'([^'"]+)'/g)].map((match) => match[1] ?? match[2] ?? '');
  }
  return [];
}

/** The lines of a section of TOML or of an ini file, up to the next heading. */
function sectionOf(text: string, name: string): string {
  const start = text.search(new RegExp(`^\\[${name.replaceAll('.', '\\.')}\\][ \\t]*$`, 'm'));
  if (start < 0) return '';
  const body = text.slice(text.indexOf('\n', start) + 1);
  const end = body.search(/^\[[\w."-]+\][ \t]*$/m);
  return end < 0 ? body : body.slice(0, end);
}
