/** What images leave out now and then; nothing of ours or the tests' runs without them. */
const needed = ['/usr/bin', '/bin'];

/** The PATH of an image with the folders of its system appended; undefined where it has them, or none of its own. */
export function completedPath(env: readonly string[]): string | undefined {
  const own = env.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length);
  if (own === undefined) return undefined;
  const folders = own.split(':');
  const missing = needed.filter((folder) => !folders.includes(folder));
  return missing.length === 0 ? undefined : [...folders.filter((folder) => folder !== ''), ...missing].join(':');
}

/** For steps of our own: what an image preloads or lets each shell read may print, or end the shell. */
export const quietEnvironment = ['BASH_ENV=', 'ENV=', 'LD_PRELOAD='];

/** A line of a Dockerfile; what stands in double quotes has variables expanded. */
export function environmentLine([name, value]: readonly [string, string]): string {
  return `ENV ${name}=${quoted(value)}`;
}

export function workdirLine(path: string): string {
  return `WORKDIR ${quoted(path)}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"$]/g, '\\$&')}"`;
}
