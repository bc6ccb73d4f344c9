import { describe, expect, it } from 'vitest';
import { changedLines, sameFile } from '../../../activities/scanning/tampering/change.ts';
import { roleOf } from '../../../activities/scanning/tampering/file-role.ts';
import { lineEditorChanges } from '../../../activities/scanning/tampering/line-editors.ts';
import { isPatch, patchEffects } from '../../../activities/scanning/tampering/patch-text.ts';
import { programEffects } from '../../../activities/scanning/tampering/program-edits.ts';
import { inPlaceChanges, sedChanges } from '../../../activities/scanning/tampering/stream-edits.ts';

const inTmp = (path: string) => path.startsWith('/tmp/');

describe('lines of a change', () => {
  it('are those that only one side has, counted', () => {
    expect(changedLines({ before: 'a\n b\nb', after: 'b\nc\na' })).toEqual({ taken: ['b'], put: ['c'] });
  });
});

describe('one file', () => {
  it('may be named with and without its directory', () => {
    expect([
      sameFile('/repo/a/b.py', 'a/b.py'),
      sameFile('./b.py', 'b.py'),
      sameFile('/x/b.py', '/y/b.py'),
      sameFile('xb.py', 'b.py'),
    ]).toEqual([true, true, false, false]);
  });
});

describe('the role of a file', () => {
  const cases: Record<string, string[]> = {
    test: [
      'tests/test_a.py',
      'src/a.test.ts',
      'pkg/a_test.go',
      'src/test/java/ATest.java',
      'spec/a_spec.rb',
      't/10-a.t',
      'conftest.py',
      'test/a.bats',
    ],
    settings: [
      'pytest.ini',
      'package.json',
      'Makefile',
      '.github/workflows/ci.yml',
      'pom.xml',
      'CMakeLists.txt',
      'run_tests.sh',
      '.cargo/config.toml',
    ],
    program: ['/usr/local/bin/pytest', 'node_modules/.bin/jest', '/opt/venv/bin/python', '../bin/go'],
    framework: [
      '/usr/lib/python3/site-packages/_pytest/runner.py',
      'node_modules/mocha/lib/runner.js',
      '/usr/lib/python3.11/unittest/case.py',
    ],
    library: ['node_modules/lodash/index.js', '/usr/lib/python3/dist-packages/yaml/__init__.py'],
    profile: ['/root/.bashrc', '/etc/ld.so.preload', '~/.Rprofile'],
    harness: ['/eval/run.sh', '/eval.sh', '/grader/check.py'],
    scratch: ['/tmp/try/test_a.py'],
    product: ['src/a.py', 'lib/a.rb', 'internal/a.go', 'bin/a.ts'],
    other: ['README.md', 'data.csv'],
  };
  it.each(Object.entries(cases))('%s', (role, paths) => {
    expect(paths.filter((path) => roleOf(path, inTmp) !== role)).toEqual([]);
  });
});

describe('stream editors', () => {
  it('change what their pattern finds, on each file that they are run on', () => {
    expect(sedChanges(['-i', '-e', 's/a == 1/a is not None/', 'x.py', 'y.py'])).toEqual([
      { path: 'x.py', kind: 'edit', before: 'a == 1', after: 'a is not None' },
      { path: 'y.py', kind: 'edit', before: 'a == 1', after: 'a is not None' },
    ]);
    expect(sedChanges(['s/a/b/', 'x.py'])).toEqual([]);
  });

  it('put lines before, after and in the place of others, and delete them', () => {
    const script = '/^def test_a/i @skip\n/assert x/d;$a tail';
    expect(sedChanges(['-i', script, 'x.py'])).toEqual([
      { path: 'x.py', kind: 'edit', before: 'def test_a', after: '@skip\ndef test_a' },
      { path: 'x.py', kind: 'edit', before: 'assert x', after: '' },
      { path: 'x.py', kind: 'edit', before: '', after: 'tail', lines: { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY } },
    ]);
  });

  it('keep what & stands for, take other delimiters and addresses by range', () => {
    expect(sedChanges(['-i', '/start/,/end/ s|^it(|&// |g', 'a.js'])).toEqual([
      { path: 'a.js', kind: 'edit', before: 'start\nit(', after: 'start\nit(// ' },
    ]);
  });

  it('of Perl and Ruby count by their substitutions', () => {
    expect(inPlaceChanges(['-0pi', '-e', 's{assert\\(x\\)}{1}', 'a.t'])).toEqual([
      { path: 'a.t', kind: 'edit', before: 'assert(x)', after: '1' },
    ]);
    expect(inPlaceChanges(['-i', '-pe', '$_.gsub!(/it /, "xit ")', 'a_spec.rb'])[0]).toMatchObject({ path: 'a_spec.rb', before: 'it ' });
    expect(inPlaceChanges(['-ne', 's/a/b/', 'a.t'])).toEqual([]);
  });
});

describe('line editors', () => {
  const command = (argv: string[], fed?: string) => ({
    argv,
    fed,
    text: argv.join(' '),
    directory: '',
    via: [],
    environment: {},
    inputs: [],
  });

  it('change lines by commands on their line or their input', () => {
    expect(lineEditorChanges('ed', command(['ed', '-s', 'ci.sh'], '/^set -e/c\nset +e\n.\n,s/exit 1/exit 0/\nw\nq\n'))).toEqual([
      { path: 'ci.sh', kind: 'edit', before: 'set -e', after: 'set +e' },
      { path: 'ci.sh', kind: 'edit', before: 'exit 1', after: 'exit 0' },
    ]);
    expect(lineEditorChanges('ex', command(['ex', '-sc', '%s/eq 3/eq 4/|x', 'a_spec.rb']))).toEqual([
      { path: 'a_spec.rb', kind: 'edit', before: 'eq 3', after: 'eq 4' },
    ]);
    expect(lineEditorChanges('vim', command(['vim', '-es', '+g/assert x/d', '+wq', 'a.py']))).toEqual([
      { path: 'a.py', kind: 'edit', before: 'assert x', after: '' },
    ]);
    expect(lineEditorChanges('vim', command(['vim', 'a.py']))).toEqual([]);
  });
});

describe('patches', () => {
  it('of both forms are read file by file', () => {
    const unified =
      'diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@ def test_a():\n ctx\n-old\n+new\n--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-all\n';
    expect(patchEffects(unified)).toEqual({
      changes: [{ path: 'x.py', kind: 'edit', before: 'def test_a():\nctx\nold', after: 'def test_a():\nctx\nnew' }],
      removals: [{ path: 'gone.py', how: 'removed' }],
    });
    const envelope = '*** Begin Patch\n*** Update File: a.js\n@@\n-x\n+y\n*** Add File: b.js\n+all\n*** Delete File: c.js\n*** End Patch';
    expect(patchEffects(envelope)).toEqual({
      changes: [
        { path: 'a.js', kind: 'edit', before: 'x', after: 'y' },
        { path: 'b.js', kind: 'whole', before: '', after: 'all' },
      ],
      removals: [{ path: 'c.js', how: 'removed' }],
    });
    expect([isPatch(unified), isPatch(envelope), isPatch('a - b\n+ c')]).toEqual([true, true, false]);
  });
});

describe('programs that rewrite files', () => {
  it('change them by the literals of their replacements', () => {
    const python = "p = 'tests/test_a.py'\ns = open(p).read()\ns = s.replace('assert a == 1\\n', 'assert a\\n')\nopen(p, 'w').write(s)\n";
    expect(programEffects(python).changes).toEqual([
      { path: 'tests/test_a.py', kind: 'edit', before: 'assert a == 1\n', after: 'assert a\n' },
    ]);
    const node =
      "const fs = require('fs'); let s = fs.readFileSync('a.spec.js', 'utf8'); s = s.replace(/it\\('x'/, \"it.skip('x'\"); fs.writeFileSync('a.spec.js', s)";
    expect(programEffects(node).changes).toEqual([{ path: 'a.spec.js', kind: 'edit', before: "it('x'", after: "it.skip('x'" }]);
  });

  it('may have the texts of their replacements under names, or in pairs', () => {
    const byName = "old = '''set -e'''\nnew = '''set +e'''\np = pathlib.Path('ci.sh')\np.write_text(p.read_text().replace(old, new))\n";
    expect(programEffects(byName).changes).toEqual([{ path: 'ci.sh', kind: 'edit', before: 'set -e', after: 'set +e' }]);
    const pairs =
      "f = 'a_spec.rb'\nt = open(f).read()\nfor a, b in [('it ', 'xit '), ('eq 3', 'eq 4')]:\n    t = t.replace(a, b)\nopen(f, 'w').write(t)\n";
    expect(programEffects(pairs).changes.map(({ before, after }) => `${before}>${after}`)).toEqual(['it >xit ', 'eq 3>eq 4']);
  });

  it('are told from those that only read', () => {
    expect(programEffects("print(open('a.py').read().replace('a', 'b'))").changes).toEqual([]);
  });

  it('reach libraries by their modules, and take files away', () => {
    const library =
      "import unittest.case as c\np = c.__file__\ns = open(p).read().replace('def fail(self', 'def _fail(self')\nopen(p, 'w').write(s)";
    expect(programEffects(library).changes[0]).toMatchObject({ path: 'site-packages/unittest/case.py' });
    expect(programEffects("import os; os.remove('tests/test_a.py'); os.rename('a_test.go', 'a.txt')").removals).toEqual([
      { path: 'tests/test_a.py', how: 'removed' },
      { path: 'a_test.go', how: 'moved', to: 'a.txt' },
    ]);
  });
});
