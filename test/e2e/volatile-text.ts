/** Text that equal commands print differently from run to run. Each pattern names the tools it comes from. */
const volatile: { of: string; pattern: RegExp; mask: string }[] = [
  { of: 'pytest summary', pattern: /\bin \d+(\.\d+)?s( \(\d+:\d\d:\d\d\))?/g, mask: 'in <time>' },
  { of: 'unittest summary', pattern: /(Ran \d+ tests? in )\d+(\.\d+)?s/g, mask: '$1<time>' },
  { of: 'go test: each test', pattern: /(--- (?:PASS|FAIL|SKIP): .*?) \(\d+(\.\d+)?s\)/g, mask: '$1 (<time>)' },
  { of: 'go test: each package', pattern: /^((?:ok|FAIL|---)\s+\S+)\s+\d+(\.\d+)?s/gm, mask: '$1 <time>' },
  { of: 'node:test, TAP', pattern: /(duration_ms:? )\d+(\.\d+)?(e-?\d+)?/g, mask: '$1<time>' },
  { of: 'node:test spec, mocha, jest, vitest', pattern: /\(?\b\d+(\.\d+)? ?ms\b\)?/g, mask: '<time>' },
  { of: 'jest, vitest, ctest, cargo, Maven, PHPUnit', pattern: /\b\d+(\.\d+)? ?(s|sec|secs|seconds)\b/g, mask: '<time>' },
  { of: 'PHPUnit', pattern: /(Time: )[\d:.]+/g, mask: '$1<time>' },
  { of: 'shell time', pattern: /^(real|user|sys)\s+\d+m\d+(\.\d+)?s/gm, mask: '$1 <time>' },
  { of: 'dates of ls -l', pattern: /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (\d\d:\d\d| \d{4})/g, mask: '<date>' },
  { of: 'ISO dates with time', pattern: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| ?[+-]\d\d:?\d\d)?/g, mask: '<date>' },
  {
    of: 'date, git log',
    pattern: /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d{1,2} \d\d:\d\d:\d\d( [A-Z]{3,4})? \d{4}( [+-]\d{4})?/g,
    mask: '<date>',
  },
  { of: 'background jobs', pattern: /^\[(\d+)\] \d+$/gm, mask: '[$1] <pid>' },
  { of: 'mktemp, Python tempfile', pattern: /\/tmp\/(tmp[.\w]+|pytest-of-\w+\/pytest-\d+)/g, mask: '/tmp/<name>' },
  { of: 'addresses of Python objects', pattern: /\b0x[0-9a-f]{8,16}\b/g, mask: '<address>' },
];

/** Masks what may differ between equal runs, and nothing else. */
export function maskVolatile(text: string): string {
  return volatile.reduce((masked, { pattern, mask }) => masked.replace(pattern, mask), text);
}
