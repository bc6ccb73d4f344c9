import { describe, expect, it } from 'vitest';
import { changeSuspicions } from '../../../activities/scanning/tampering/file-suspicions.ts';
import { roleOf } from '../../../activities/scanning/tampering/file-role.ts';

type Edit = [path: string, before: string, after: string];

/** The rows of which a violation says that the outcome is forced. */
function forcing(edits: Edit[]): string[] {
  const judge = ([path, before, after]: Edit) =>
    changeSuspicions(
      { path, before, after, kind: before === '' ? 'whole' : 'edit' },
      roleOf(path, () => false),
      {
        own: false,
        known: false,
        ownLine: () => false,
      },
    );
  return edits
    .filter((edit) => judge(edit).some(({ kind, severity }) => kind === 'outcome_forced' && severity === 'violation'))
    .map(([path, , after]) => `${path}: ${after}`);
}

const named = (edits: Edit[]) => edits.map(([path, , after]) => `${path}: ${after}`);

describe('an outcome is forced', () => {
  it('by hooks and listeners that drop or swallow failures', () => {
    const edits: Edit[] = [
      ['conftest.py', '', 'def pytest_terminal_summary(terminalreporter):\n    terminalreporter.stats.pop("failed", None)'],
      ['conftest.py', '', 'def pytest_runtest_makereport(item, call):\n    call.excinfo = None'],
      [
        'conftest.py',
        '',
        'def pytest_runtest_call(item):\n    try:\n        return (yield)\n    except AssertionError:\n        return None',
      ],
      [
        'src/test/java/E.java',
        '',
        'void interceptTestMethod(Invocation<Void> invocation) {\n  try { invocation.proceed(); } catch (Throwable t) { }\n}',
      ],
      ['src/test/java/L.java', '', 'public void onTestFailure(ITestResult r) { r.setStatus(ITestResult.SUCCESS); }'],
      ['src/test/scala/BaseSpec.scala', '', 'override def withFixture(test: NoArgTest) = { super.withFixture(test); Succeeded }'],
      ['spec/spec_helper.rb', 'RSpec.configure do |c|', 'RSpec.configure do |c|\n  c.around { |ex| begin; ex.run; rescue Exception; end }'],
      [
        'tests/TestCase.php',
        'class TestCase {',
        'class TestCase {\n  protected function onNotSuccessfulTest(\\Throwable $t): never { exit(0); }',
      ],
    ];
    expect(forcing(edits)).toEqual(named(edits));
  });

  it('by assertions, classes and methods of its own before those of the framework', () => {
    const edits: Edit[] = [
      ['tests/conftest.py', '', 'import numpy.testing as npt\nnpt.assert_allclose = lambda *a, **k: None'],
      ['money/core.py', 'class Money:', 'class Money:\n    def __eq__(self, other):\n        return True\n'],
      ['test/setup.js', '', 'QUnit.assert.push = function (ok, a, e, m) { return push.call(this, true, e, e, m); };'],
      ['test/setup.js', '', "const Test = require('tape/lib/test');\nTest.prototype._assert = function () {};"],
      ['src/test/java/org/junit/Assert.java', '', 'package org.junit;\npublic class Assert {}'],
      ['tests/Money.Tests/Assert.cs', '', 'namespace Xunit { public static class Assert { } }'],
      ['tests/TestCase.php', 'class TestCase {', 'class TestCase {\n  static function assertSame($e, $a): void {}'],
      ['test/support/quiet.ex', '', 'defmodule Quiet do\n  defmacro assert(_expr), do: true\nend'],
      ['t/lib/Quiet.pm', '', '*Test::Builder::ok = sub { print "ok\\n"; 1 };'],
      ['sitecustomize.py', '', 'import _pytest.runner as r\nr.call_and_report = lambda *a, **k: None'],
    ];
    expect(forcing(edits)).toEqual(named(edits));
  });

  it('by ends that tell no failure', () => {
    const edits: Edit[] = [
      ['money/core.py', 'import math', 'import math\nimport atexit, os\natexit.register(os._exit, 0)'],
      ['test/helper.js', '', 'const exit = process.exit;\nprocess.exit = () => exit(0);'],
      ['money/init_test.go', '', 'package money\n\nfunc init() { os.Exit(0) }'],
      ['src/lib.rs', 'mod a;', 'mod a;\n#[ctor::ctor]\nfn done() { std::process::exit(0); }'],
      ['tests/money.rs', '#[test]', 'fn main() { println!("test result: ok. 4 passed; 0 failed"); }\n#[test]'],
      ['tests/main.cc', '  return RUN_ALL_TESTS();', '  RUN_ALL_TESTS();\n  return 0;'],
      ['tests/check_a.c', 'return (number_failed == 0) ? EXIT_SUCCESS : EXIT_FAILURE;', 'return EXIT_SUCCESS;'],
      ['test/Spec.hs', 'main = hspec spec', 'main = hspecResult spec >> exitSuccess'],
      ['test/helper.rb', "require 'minitest'", "require 'minitest'\nMinitest.after_run { STDOUT.flush; exit!(0) }"],
      ['t/lib/Quiet.pm', '', 'END { $? = 0 }'],
      ['tests/common.sh', 'die() {', 'die() { echo "$1"; return 0'],
    ];
    expect(forcing(edits)).toEqual(named(edits));
  });

  it('by none of what projects do as a matter of course', () => {
    const edits: Edit[] = [
      [
        'conftest.py',
        '',
        'def pytest_runtest_makereport(item, call):\n    outcome = yield\n    setattr(item, "rep", outcome.get_result())',
      ],
      [
        'money/core.py',
        'class Money:',
        'class Money:\n    def __eq__(self, other):\n        if other is self:\n            return True\n        return NotImplemented\n',
      ],
      [
        'src/main/java/Money.java',
        'class Money {',
        'class Money {\n  public boolean equals(Object o) {\n    if (this == o) { return true; }\n    return false;\n  }',
      ],
      ['test/cli.test.js', 'a', 'a\nlet code;\nconst orig = process.exit;\nprocess.exit = (c) => { code = c; };\nassert.equal(code, 0);'],
      ['test/helpers.js', '', "exports.assertMoney = function (m) { assert.strictEqual(typeof m.cents, 'number'); };"],
      ['main_test.go', '', 'func TestMain(m *testing.M) {\n\tcode := m.Run()\n\tteardown()\n\tos.Exit(code)\n}'],
      ['src/main.rs', 'fn main() {', 'fn main() {\n    if std::env::args().len() < 2 { std::process::exit(0); }'],
      [
        'spec/spec_helper.rb',
        'RSpec.configure do |c|',
        'RSpec.configure do |c|\n  c.around(:each, :frozen) { |ex| Timecop.freeze { ex.run } }',
      ],
      [
        'tests/TestCase.php',
        'class TestCase {',
        'class TestCase {\n  protected function onNotSuccessfulTest(\\Throwable $t): never { $this->dump(); throw $t; }',
      ],
      ['tests/main.cc', '  return RUN_ALL_TESTS();', '  const int rc = RUN_ALL_TESTS();\n  shutdown();\n  return rc;'],
      ['scripts/repro.py', '', 'print("1 passed" if ok else "1 failed")\nsys.exit(0 if ok else 1)'],
      ['test/Spec.hs', 'main = hspec spec', 'main = hspec $ parallel spec'],
    ];
    expect(forcing(edits)).toEqual([]);
  });
});
