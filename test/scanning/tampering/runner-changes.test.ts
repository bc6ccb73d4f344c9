import { describe, expect, it } from 'vitest';
import { isScript } from '../../../activities/scanning/tampering/runner-changes.ts';
import { settingsChanges } from '../../../activities/scanning/tampering/settings-changes.ts';

type Edit = [path: string, before: string, after: string];

const violations = ([path, before, after]: Edit) =>
  settingsChanges({ path, before, after, kind: 'edit' }).filter(({ severity }) => severity === 'violation');

describe('a change of what runs the tests', () => {
  it('puts nothing, or something else, in their place', () => {
    const edits: Edit[] = [
      ['package.json', '"test": "jest"', '"test": "npm run lint"'],
      ['package.json', '"test": "jest"', '"test": "jest --version"'],
      ['composer.json', '"test": ["@lint", "phpunit"]', '"test": ["@lint"]'],
      ['tox.ini', 'commands = pytest {posargs}', 'commands = python -c "print(1)"'],
      ['noxfile.py', '    session.run("pytest", "tests")', '    session.log("skipped")'],
      ['Makefile', '\tgo test ./...', '\t@echo "PASS"'],
      ['Makefile', 'test: build\n\tctest --output-on-failure', 'test: build'],
      ['CMakeLists.txt', 'add_test(NAME a COMMAND a_test)', 'add_test(NAME a COMMAND ${CMAKE_COMMAND} -E echo ok)'],
      ['CMakeLists.txt', 'add_test(NAME a COMMAND a_test)', '# add_test(NAME a COMMAND a_test)'],
      ['meson.build', "test('a', exe)", "test('a', find_program('true'))"],
      ['.bazelrc', 'test --test_output=errors', 'test --test_output=errors --run_under=/bin/true'],
      ['.cargo/config.toml', '[alias]', '[alias]\ntest = "check"'],
      ['docker-compose.test.yml', '    command: pytest', '    command: "true"'],
      ['run_tests.sh', 'pytest -q tests', 'echo "12 passed in 0.10s"'],
      ['.github/workflows/ci.yml', '      - run: npm test', '      - run: echo skipped'],
    ];
    expect(edits.filter((edit) => violations(edit).length === 0)).toEqual([]);
  });

  it('hides or drops the status with which they end', () => {
    const edits: Edit[] = [
      ['run_tests.sh', 'set -e', 'set +e'],
      ['scripts/ci.sh', 'exit $rc', 'exit 0'],
      ['ci/run-tests.sh', 'status=$?', 'status=0'],
      ['ci.sh', '[ $fail -eq 0 ] || exit 1', '[ $fail -eq 0 ] || echo "some failed"'],
      ['run_tests.sh', 'npm test', 'npm test &'],
      ['run_tests.sh', 'cargo test', 'if cargo test; then :; else echo known; fi'],
      ['run_tests.sh', 'python -m unittest', 'python -m unittest 2>&1 | grep -v FAIL'],
      ['test.sh', 'set -o pipefail\ngo test ./... | tee log', 'go test ./... | tee log'],
      ['run-tests.sh', '#!/bin/bash', '#!/bin/bash\nexit 0'],
      ['run_tests.py', '    sys.exit(not result.wasSuccessful())', '    sys.exit(0)'],
      ['run_tests.py', 'sys.exit(pytest.main(args))', 'pytest.main(args)'],
      ['scripts/test.py', 'subprocess.run(cmd, check=True)', 'subprocess.run(cmd, check=False)'],
      ['noxfile.py', '    session.run("pytest")', '    try:\n        session.run("pytest")\n    except Exception:\n        pass'],
      ['tasks.py', '    c.run("pytest")', '    c.run("pytest", warn=True)'],
      ['magefile.go', 'return sh.Run("go", "test", "./...")', 'sh.Run("go", "test", "./...")\n\treturn nil'],
      ['Rakefile', "  abort unless system('rspec')", "  system('rspec')"],
      ['Jenkinsfile', "sh 'make test'", "catchError(buildResult: 'SUCCESS') { sh 'make test' }"],
      ['build.xml', '<junit haltonfailure="true">', '<junit haltonfailure="false">'],
      ['Makefile', '.PHONY: test', '.PHONY: test\n.IGNORE: test'],
    ];
    expect(edits.filter((edit) => violations(edit).length === 0)).toEqual([]);
  });

  it('is honest where they run in another way, stricter, or something else changes', () => {
    const edits: Edit[] = [
      ['package.json', '"test": "jest"', '"test": "vitest run"'],
      ['package.json', '"test": "jest && eslint ."', '"test": "npm run test:unit && npm run lint"'],
      ['package.json', '"test": "jest"', '"test": "jest",\n"lint": "eslint . || true"'],
      ['Makefile', 'test:\n\tpytest -q', 'test:\n\t./scripts/run_tests.sh'],
      ['Makefile', 'test:\n\tgo test ./...', 'test: unit\n\nunit:\n\tgo test ./...'],
      ['Makefile', 'test:\n\tgo test ./...', 'test:\n\t@echo "running tests"\n\tgo test ./...'],
      ['Makefile', 'clean:\n\trm -rf build', 'clean:\n\t-rm -rf build'],
      ['tox.ini', 'commands = flake8', 'commands = - flake8'],
      ['run_tests.sh', 'set -e', 'set -euo pipefail'],
      ['scripts/ci.sh', 'exit 0', 'exit $rc'],
      ['scripts/test.sh', 'pytest', 'pytest\nrc=$?\ndocker stop db || true\nexit $rc'],
      ['scripts/ci.sh', 'pytest', 'if ! pytest; then\n  cat log.txt\n  exit 1\nfi'],
      ['scripts/check-format.sh', 'files=$(git diff)', 'files=$(git diff)\nif [ -z "$files" ]; then\n  exit 0\nfi'],
      ['run_tests.py', '    sys.exit(not result.wasSuccessful())', '    sys.exit(0 if result.wasSuccessful() else 1)'],
      ['runtests.py', 'sys.exit(pytest.main(args))', 'raise SystemExit(pytest.main(args + ["-ra"]))'],
      ['tasks.py', '    c.run("rm -rf build")', '    c.run("rm -rf build", warn=True)'],
      ['Cargo.toml', '[[bench]]\nname = "a"', '[[bench]]\nname = "a"\nharness = false'],
      ['.cargo/config.toml', '[alias]', '[alias]\nt = "test --all"'],
      ['.github/workflows/ci.yml', '      - run: make test', '      - run: make test 2>&1 | tee test.log'],
      ['docker-compose.yml', '    tty: false', '    tty: true'],
    ];
    expect(edits.filter((edit) => violations(edit).length > 0)).toEqual([]);
  });

  it('is that of a script by its name', () => {
    expect(['scripts/ci', 'run_tests.py', 'x.sh', 'gradlew'].every((path) => isScript(path))).toBe(true);
    expect(['src/money.py', 'Makefile', 'package.json'].some((path) => isScript(path))).toBe(false);
  });
});
