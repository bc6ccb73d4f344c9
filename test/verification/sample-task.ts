import type { HomeEngine } from '../../activities/sandbox/home-engine.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { Task } from '../../schemas/task.ts';
import { runIn, writePatch } from '../patches/write-patch.ts';

/** Label of everything that these tests start. */
export const labels = { 'tracemill.test': 'verification', 'tracemill.test.process': String(process.pid) };

const toolchain = 'tracemill/toolchain:bookworm-1';

/** A small repository of files, with the fixed source and the new tests that a pull request brings. */
export interface SampleRepository {
  name: string;
  language: Task['language'];
  base: Record<string, string>;
  fixed: Record<string, string>;
  tests: Record<string, string>;
  test_cmd: string[];
  log_parser: string;
  FAIL_TO_PASS: string[];
  PASS_TO_PASS: string[];
}

export interface SampleTask {
  task: Task;
  image: string;
  /** The patch, as an agent would hand it in, that writes these files; null deletes one. */
  patchOf(files: Record<string, string | null>): Promise<string>;
  remove(): Promise<void>;
}

/** Makes the repository in an image of its own and the task's patches with git itself. */
export async function makeSampleTask(engine: HomeEngine, sample: SampleRepository): Promise<SampleTask> {
  const workdir = `/${sample.name}`;
  const job = await openJobContainer(engine, { image: toolchain, network: 'none', labels, signal: undefined });
  const image = `tracemill-test/${sample.name}:${process.pid}`;
  const diff = (files: Record<string, string | null>) => writePatch(job, workdir, files);
  await job.putFiles(Object.entries(sample.base).map(([path, content]) => [`${workdir}/${path}`, content] as const));
  const commit = await runIn(
    job,
    workdir,
    `git init --quiet . && git config user.name t && git config user.email t@example.invalid && git add -A && git commit --quiet -m base && git rev-parse HEAD`,
  );
  await job.commit({ name: image, changes: [] });
  const task = Task.parse({
    instance_id: `sample__${sample.name}-1`,
    repo: `sample/${sample.name}`,
    language: sample.language,
    base_commit: commit.trim(),
    patch: await diff(sample.fixed),
    test_patch: await diff(sample.tests),
    problem_statement: 'it does not work',
    FAIL_TO_PASS: sample.FAIL_TO_PASS,
    PASS_TO_PASS: sample.PASS_TO_PASS,
    image_name: image,
    install_config: { test_cmd: sample.test_cmd, log_parser: sample.log_parser },
  });
  return {
    task,
    image,
    patchOf: diff,
    async remove() {
      await job.remove();
      await engine.removeImage(image, { force: true });
    },
  };
}

/** Two functions, one of them wrong; pytest reads `setup.cfg`. */
export const pythonSample: SampleRepository = {
  name: 'calc',
  language: 'python',
  base: {
    'calc.py': 'def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n',
    'setup.cfg': '[metadata]\nname = calc\n\n[tool:pytest]\naddopts = -p no:cacheprovider\n',
    'tests/test_calc.py': 'from calc import double\n\n\ndef test_double():\n    assert double(4) == 8\n',
    'tests/test_more.py': 'from calc import double\n\n\ndef test_zero():\n    assert double(0) == 0\n',
  },
  fixed: { 'calc.py': 'def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return a * 2\n' },
  tests: {
    'tests/test_calc.py':
      'from calc import add, double\n\n\ndef test_double():\n    assert double(4) == 8\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
  },
  test_cmd: ['export PYTHONDONTWRITEBYTECODE=1', 'python3 -m pytest -rA --no-header'],
  log_parser: 'parse_log_pytest',
  FAIL_TO_PASS: ['tests/test_calc.py::test_add'],
  PASS_TO_PASS: ['tests/test_calc.py::test_double', 'tests/test_more.py::test_zero'],
};

/** The test command is a script of package.json, which an agent could change. */
export const nodeSample: SampleRepository = {
  name: 'greet',
  language: 'js',
  base: {
    'index.js': "exports.greet = (name) => 'hello' + name;\n",
    'package.json': '{\n  "name": "greet",\n  "main": "index.js",\n  "scripts": {\n    "test": "node --test --test-reporter=tap"\n  }\n}\n',
    'test/length.test.js':
      "const test = require('node:test');\nconst assert = require('node:assert');\nconst { greet } = require('..');\ntest('is longer than the name', () => assert(greet('ann').length > 3));\n",
  },
  fixed: { 'index.js': "exports.greet = (name) => 'hello ' + name;\n" },
  tests: {
    'test/greet.test.js':
      "const test = require('node:test');\nconst assert = require('node:assert');\nconst { greet } = require('..');\ntest('puts a space', () => assert.equal(greet('ann'), 'hello ann'));\n",
  },
  // What `npm test` does; the image has no npm.
  test_cmd: [`sh -c "$(node -p 'require("./package.json").scripts.test')"`],
  log_parser: 'parse_log_tap',
  FAIL_TO_PASS: ['- puts a space'],
  PASS_TO_PASS: ['- is longer than the name'],
};
