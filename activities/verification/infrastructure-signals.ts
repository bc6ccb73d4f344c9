/**
 * Words in a log that machines leave when they fail, and that code under test may print as well: the classes of SWE-bench 5,
 * in own words and patterns. They give a reason to look, and prove nothing. `ambiguous` ones are mostly caused by the patch.
 */
const signals: { name: string; kind: 'environment' | 'ambiguous'; pattern: RegExp }[] = [
  {
    name: 'out of memory',
    kind: 'environment',
    pattern:
      /^Killed$|\bOut of memory\b|Cannot allocate memory|std::bad_alloc|JavaScript heap out of memory|java\.lang\.OutOfMemoryError|runtime: out of memory/m,
  },
  { name: 'no disk space', kind: 'environment', pattern: /No space left on device|Disk quota exceeded/ },
  {
    name: 'no display or browser',
    kind: 'environment',
    pattern: /cannot open display|Failed to launch (the )?browser|Cannot start (Chrome|Firefox)|Failed to connect to the bus/i,
  },
  {
    name: 'name resolution',
    kind: 'environment',
    pattern: /Temporary failure in name resolution|Could not resolve host|getaddrinfo (ENOTFOUND|EAI_AGAIN)/,
  },
  { name: 'container engine', kind: 'environment', pattern: /Error response from daemon|Cannot connect to the Docker daemon/ },
  {
    name: 'no process left',
    kind: 'environment',
    pattern: /fork: (retry: )?Resource temporarily unavailable|can't start new thread|pthread_create.*(failed|EAGAIN)/,
  },
  { name: 'module not found', kind: 'ambiguous', pattern: /ModuleNotFoundError|Cannot find module|error: package .* does not exist/ },
  { name: 'nothing collected', kind: 'ambiguous', pattern: /collected 0 items|no tests ran|No tests found|no test files/i },
];

/** Names of the signs that a log shows, by kind. Looks at the first and last 256 KiB: such messages stand there. */
export function infrastructureSignals(log: string): { environment: string[]; ambiguous: string[] } {
  const edge = 256 * 1024;
  const text = log.length <= 2 * edge ? log : `${log.slice(0, edge)}\n${log.slice(-edge)}`;
  const shown = signals.filter(({ pattern }) => pattern.test(text));
  const named = (kind: 'environment' | 'ambiguous') => shown.filter((signal) => signal.kind === kind).map(({ name }) => name);
  return { environment: named('environment'), ambiguous: named('ambiguous') };
}
