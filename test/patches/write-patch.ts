import type { JobContainer } from '../../activities/sandbox/job-container.ts';
import { quote } from '../../platform/quote.ts';

/** Path → new content, null to delete the file, or a function of its content (empty where there is none). */
export type Edits = Record<string, string | null | ((content: string) => string)>;

/** Runs a script in a folder of a container and gives its output; throws where it fails. */
export async function runIn(job: JobContainer, workdir: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await job.exec(`cd ${quote(workdir)} && ${script}`, { timeoutMs: 60_000 });
  if (exitCode !== 0) throw new Error(`${workdir}: ${script}: ${stderr}`);
  return stdout;
}

/** The patch, as an agent would hand it in and git writes it, that makes these edits; what else has changed is part of it. */
export async function writePatch(job: JobContainer, workdir: string, edits: Edits): Promise<string> {
  for (const [path, edit] of Object.entries(edits)) {
    if (edit === null) await runIn(job, workdir, `rm ${quote(path)}`);
    else await job.putFiles([[`${workdir}/${path}`, typeof edit === 'string' ? edit : await edited(job, workdir, path, edit)]]);
  }
  const patch = await runIn(job, workdir, 'git add --all && git diff --cached --binary --no-renames --no-color HEAD');
  await runIn(job, workdir, 'git reset --quiet --hard HEAD && git clean -fdq');
  return patch;
}

async function edited(job: JobContainer, workdir: string, path: string, edit: (content: string) => string): Promise<string> {
  const before = await runIn(job, workdir, `{ cat ${quote(path)} 2>/dev/null || :; }`);
  const content = edit(before);
  if (content === before) throw new Error(`${workdir}: the edit of ${path} changes nothing`);
  return content;
}
