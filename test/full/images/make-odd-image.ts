import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { Task } from '../../../schemas/task.ts';
import { quote } from '../../../platform/quote.ts';
import { testEngine } from '../../engine/engines.ts';

export const engine = testEngine();

/** An image of a task that is odd in one way. */
export interface OddImage {
  what: string;
  /** `minimal` has busybox and git alone. */
  base?: 'minimal';
  workdir?: string;
  /** Shell code of root's in the work tree, after its commits. */
  setup?: string;
  /** Lines of a Dockerfile. */
  changes?: string[];
  /** Variables that are too long for a line of a Dockerfile. */
  env?: string[];
  /** All layers that it has. */
  layers?: number;
  /** Shell code that has to succeed for agent and tests. */
  needs?: string;
  /** Code of the refusal; without it the fix of the agent is judged 1, with no other file than those it wrote. */
  refused?: string;
  /** Codes of the remarks on the task. */
  remarks?: string[];
}

const repository = `set -e
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
git init -q -b main
printf 'broken\\n' >f.txt; mkdir -p src tests; printf 'int x;\\n' >src/a.c; printf 'x\\n' >tests/t.txt; printf '*.o\\nbuild/\\n' >.gitignore
git add -A && git commit -qm first
printf 'second\\n' >second.txt; git add -A; git commit -qm base
git rev-parse HEAD >/base
printf 'fixed\\n' >f.txt; git commit -qam 'the fix'; git reset -q --hard HEAD^
`;

/** Makes the image under this name; gives its task. The name is the caller's to remove. */
export async function makeOddImage(name: string, odd: OddImage): Promise<Task> {
  const { base = 'toolchain', workdir = '/proj', setup = '', changes = [], env = [], layers = 0, needs = 'true' } = odd;
  const open = (image: string) =>
    openJobContainer(engine, { image, env, network: 'none', labels: { 'tracemill.test': 'images' }, signal: undefined });
  const job = await open(`tracemill/${base}:bookworm-1`);
  let commit = '';
  try {
    const script = `mkdir -p ${quote(workdir)} && cd ${quote(workdir)}\n${repository}\ncat /base\nrm /base\n{ ${setup || ':'}\n} >&2`;
    const made = await job.exec(script, { timeoutMs: 120_000 });
    commit = made.stdout.trim();
    if (made.exitCode !== 0) throw new Error(`${odd.what}: ${made.stderr}`);
    await job.commit({ name, changes: layers === 0 ? changes : [] });
  } finally {
    await job.remove();
  }
  for (let layer = (await engine.findImage(name))?.layers ?? 0; layer < layers; layer++) {
    const container = await engine.createContainer({
      image: name,
      command: ['true'],
      network: 'none',
      labels: { 'tracemill.test': 'images' },
    });
    try {
      const archive = pack();
      archive.entry({ name: `layer-${layer}` }, 'x');
      archive.finalize();
      await container.writeArchive(await buffer(archive), '/');
      await container.commit({ name, changes: layer === layers - 1 ? changes : [] });
    } finally {
      await container.remove();
    }
  }
  return Task.parse({
    instance_id: 'acme__proj-1',
    repo: 'acme/proj',
    language: 'python',
    base_commit: commit,
    image_name: name,
    workdir,
    patch: 'diff --git a/f.txt b/f.txt\n--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n-broken\n+fixed\n',
    test_patch: 'diff --git a/tests/new.txt b/tests/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/tests/new.txt\n@@ -0,0 +1 @@\n+t\n',
    problem_statement: 'It is broken.',
    FAIL_TO_PASS: ['t'],
    PASS_TO_PASS: [],
    install_config: {
      test_cmd: [`{ ${needs}; } && [ -f tests/new.txt ] && grep -q fixed f.txt && echo "PASSED t" || echo "FAILED t"`],
      log_parser: 'parse_log_pytest',
    },
  });
}
