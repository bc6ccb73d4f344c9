import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerEngine } from '../../../activities/engine/docker-engine.ts';
import type { GradeRequest } from '../../../activities/evaluation/graders/grader.ts';
import { swebench4, swebench5 } from '../../../activities/evaluation/graders/swebench.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { classicRow, instanceFrom, version5Row } from '../benchmarks/rows.ts';

const instances = [1, 2].map((number) => instanceFrom('verified', version5Row(number)));
const [one, two] = ['django__django-1', 'django__django-2'];
let images: string[] | 'all';
const engine = {
  ...dockerEngine({ socketPath: '/nowhere' }),
  findImage: async (name: string) =>
    images === 'all' || images.includes(name)
      ? { id: 'sha256:1', labels: {}, digests: [], user: '', env: [], volumes: [], layers: 1 }
      : undefined,
  listContainers: async () => [],
};

const oldPath = process.env['PATH'];
beforeEach(() => {
  images = 'all';
  // Only looked for.
  const folder = scratchFolder('path');
  writeFileSync(join(folder, 'docker'), '#!/bin/sh\n');
  chmodSync(join(folder, 'docker'), 0o755);
  process.env['PATH'] = `${oldPath}${delimiter}${folder}`;
});
afterEach(() => {
  process.env['PATH'] = oldPath;
});

/** Stands for the interpreter: a script that gets the package's flags, with the run's id in `$run`. */
function interpreter(script: string) {
  const path = join(scratchFolder('interpreter'), 'python');
  const find = 'for flag; do [ "$before" = --run_id ] && run=$flag; before=$flag; done';
  writeFileSync(path, `#!/bin/sh\necho "$@" >>flags\n${find}\n${script}\n`);
  chmodSync(path, 0o755);
  return { engine, python: async () => ({ python: path, versions: { swebench: '5.0.2' } }) };
}

const summary = (lists: Record<string, string[]>) => {
  const none = { submitted_ids: [], completed_ids: [], resolved_ids: [], unresolved_ids: [], empty_patch_ids: [], error_ids: [] };
  return `printf '%s' '${JSON.stringify({ ...none, ...lists })}' >"m.$run.json"`;
};
const report = (id: string, resolved: boolean) =>
  `mkdir -p logs/run_evaluation/$run/m/${id}; printf '%s' '${JSON.stringify({ [id]: { resolved, patch_successfully_applied: true } })}' >logs/run_evaluation/$run/m/${id}/report.json`;

const request = (more: Partial<GradeRequest> = {}): GradeRequest => ({
  instances,
  patches: new Map([
    [one, 'diff 1\n'],
    [two, 'diff 2\n'],
  ]),
  model: 'm',
  folder: scratchFolder('grading'),
  workers: 2,
  timeoutSeconds: 60,
  signal: new AbortController().signal,
  ...more,
});

describe('the graders of SWE-bench', () => {
  it('gives each set of patches a run of its own, and the same set the same one', async () => {
    const grader = swebench5(
      interpreter(`${report(one, true)}; ${report(two, false)}; ${summary({ completed_ids: [one, two], resolved_ids: [one] })}`),
    );
    const folder = scratchFolder('grading');
    const first = await grader.grade(request({ folder }));
    expect([...first.instances].map(([id, { verdict }]) => [id, verdict])).toEqual([
      [one, 'resolved'],
      [two, 'unresolved'],
    ]);
    expect((await grader.grade(request({ folder }))).run_id).toBe(first.run_id);
    const changed = await grader.grade(
      request({
        folder,
        patches: new Map([
          [one, 'diff 1\n'],
          [two, 'other\n'],
        ]),
      }),
    );
    expect(changed.run_id).not.toBe(first.run_id);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('passes flags of each version, and only the rows and patches that were handed in', async () => {
    const folder = scratchFolder('grading');
    const patches = new Map([[one, ' ']]);
    const done = summary({ submitted_ids: [one], empty_patch_ids: [one] });
    await swebench5(interpreter(done)).grade(request({ folder, patches }));
    const rows = [classicRow(1), classicRow(2)].map((row) => instanceFrom('verified', row));
    const grading = await swebench4(interpreter(done), 'mirror').grade(request({ folder, patches, instances: rows }));
    expect([...grading.instances].map(([id, { verdict }]) => [id, verdict])).toEqual([
      [one, 'empty_patch'],
      [two, 'not_run'],
    ]);
    const flags = readdirSync(folder).map((run) => readFileSync(join(folder, run, 'flags'), 'utf8'));
    expect(flags.filter((line) => line.includes('--report_dir .'))).toHaveLength(1);
    expect(flags.filter((line) => line.includes('--namespace mirror --cache_level instance'))).toHaveLength(1);
    for (const run of readdirSync(folder)) {
      expect(
        readFileSync(join(folder, run, 'dataset.jsonl'), 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(1);
      expect(JSON.parse(readFileSync(join(folder, run, 'predictions.jsonl'), 'utf8'))).toMatchObject({ instance_id: one, model_patch: '' });
    }
  });

  it('starts nothing where nothing was handed in', async () => {
    const grading = await swebench5(interpreter('exit 9')).grade(request({ patches: new Map() }));
    expect([...grading.instances.values()].map(({ verdict }) => verdict)).toEqual(['not_run', 'not_run']);
  });

  it('drops a report that was cut when an earlier run was killed', async () => {
    const folder = scratchFolder('grading');
    const seen = 'ls logs/run_evaluation/*/m/*/report.json >>seen 2>/dev/null';
    const all = `${seen}; [ -e begun ] || { touch begun; mkdir -p logs/run_evaluation/$run/m/${one}; printf '{"' >logs/run_evaluation/$run/m/${one}/report.json; exit 1; }`;
    const grader = swebench5(
      interpreter(
        `${all}; ${report(one, true)}; ${report(two, true)}; ${summary({ completed_ids: [one, two], resolved_ids: [one, two] })}`,
      ),
    );
    await expect(grader.grade(request({ folder }))).rejects.toMatchObject({ code: 'grader_failed' });
    expect([...(await grader.grade(request({ folder }))).instances.values()].every(({ verdict }) => verdict === 'resolved')).toBe(true);
    const [run = ''] = readdirSync(folder);
    expect(existsSync(join(folder, run, 'seen')) ? readFileSync(join(folder, run, 'seen'), 'utf8') : '').toBe('');
  });

  it.each([
    [
      'instances that it lost',
      `${report(one, true)}; ${summary({ completed_ids: [one], resolved_ids: [one] })}`,
      'grader_incomplete',
      `1 of 2 instances: ${two}`,
    ],
    [
      'a summary that contradicts a report',
      `${report(one, false)}; ${report(two, false)}; ${summary({ completed_ids: [one, two], resolved_ids: [one] })}`,
      'grader_failed',
      `differ on ${one}`,
    ],
    ['no summary', 'true', 'grader_failed', 'it wrote none'],
    ['a summary of another form', `printf '{}' >"m.$run.json"`, 'grader_failed', 'submitted_ids'],
    ['its exit code, with the last lines', 'echo the reason; exit 3', 'grader_failed', 'ended with 3:\nthe reason'],
  ])('names %s', async (_what, script, code, message) => {
    await expect(swebench5(interpreter(script)).grade(request())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('goes on where the package failed on a container of others that went', async () => {
    const vanished = `[ -e begun ] || { touch begun; echo 'docker.errors.NotFound: 404 ("No such container: 63ad")'; exit 1; }`;
    const rest = `${report(one, true)}; ${report(two, true)}; ${summary({ completed_ids: [one, two], resolved_ids: [one, two] })}`;
    const { instances: graded } = await swebench5(interpreter(`${vanished}; ${rest}`)).grade(request());
    expect([...graded.values()].every(({ verdict }) => verdict === 'resolved')).toBe(true);
  });

  it('says what version 4 needs a network for', async () => {
    const grader = swebench4(interpreter('echo "requests.exceptions.ConnectionError: raw.githubusercontent.com"; exit 1'));
    await expect(grader.grade(request())).rejects.toMatchObject({ code: 'grader_failed', hint: expect.stringContaining('GitHub') });
  });

  it('names images and programs that are missing, before anything runs', async () => {
    images = ['swebench/some-image:1'];
    const grader = swebench5(interpreter('exit 9'));
    await expect(grader.check(instances, new AbortController().signal)).rejects.toMatchObject({
      code: 'benchmark_images_missing',
      message: `1 images are not there:\n${two}: swebench/some-image:2`,
    });
    const empty = scratchFolder('path');
    mkdirSync(join(empty, 'docker'));
    process.env['PATH'] = join(empty, 'docker');
    await expect(grader.check(instances, new AbortController().signal)).rejects.toMatchObject({
      code: 'grader_not_ready',
      message: 'the program docker is not on the path',
    });
  });
});
