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

/** For steps of our own: what an image preloads, lets each shell read or lets git trace may print, or end the shell. */
export const quietEnvironment = [
  ...['BASH_ENV', 'ENV', 'LD_PRELOAD'].map((name) => `${name}=`),
  ...['GIT_TRACE', 'GIT_TRACE2', 'GIT_TRACE_SETUP', 'GIT_TRACE_PERFORMANCE'].map((name) => `${name}=0`),
];

/** Docker reads no longer line of a Dockerfile, in bytes. */
const longestLine = 65_535;

/** A line of a Dockerfile, which what stands in double quotes has variables expanded in; undefined for a value that no line can hold. */
export function environmentLine([name, value]: readonly [string, string]): string | undefined {
  const line = `ENV ${name}=${quoted(value)}`;
  return /^[A-Za-z_]\w*$/.test(name) && !/[\p{Cc}\uFFFD]/u.test(value) && Buffer.byteLength(line) < longestLine ? line : undefined;
}

export function workdirLine(path: string): string {
  return `WORKDIR ${quoted(path)}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"$]/g, '\\$&')}"`;
}
