/** Where output lies that tests compare with. */
export const expectedPlace =
  /(?:^|\/)(?:expected|expect|approved|goldens?|__snapshots__|references?|baselines?|baseline[_-]images?|results_expected)\/|\.(?:approved|expected|golden|snap|exp|ref|verified|stderr|stdout)(?:\.\w+)?$/i;

export const comparedData = /(?:^|\/)(?:tests?|testdata)\/(?:[\w.-]+\/)*(?:data|test_?data|test_files|cases)\//i;

/** A folder among the tests, or a name, of what they compare with. */
export const comparedPlace =
  /(?:^|\/)(?:tests?|spec|testdata|t)\/(?:[\w.-]+\/)*(?:targets?|expected\w*|goldens?|snapshots?|baselines?|approved|references?|refs?)\/|(?:^|\/)(?:tests?|spec|testdata|t)\/(?:[\w.-]+\/)*(?:[\w-]*[_.-])?(?:expected|golden|baseline|approved)(?:[_.-][\w.-]*)?\.\w+$/i;

/** What a run gave, by its name. */
export const produced = /(?:^|[/._-])(?:results?|outputs?|out|received|actual|got|new)(?:[/._-]|$)/i;

/** A file of expected output, or of data among the tests. */
export const expectedFile =
  /(?:^|\/)(?:test-?data|tests?\/(?:[\w-]+\/)*(?:data|target|outputs?)|testdata|expected|goldens?|snapshots?|baselines?|approved)\/.|(?:^|[/_.-])(?:expected|golden|baseline|approved)(?:[_.-][\w.-]*)?\.\w+$/i;

/** A file of expected output into which a command prints what its program gives. */
export function printedInto(program: string, text: string): string | undefined {
  if (!text.includes('>') || /^(?:echo|printf|cat|sed|awk|grep|git|diff|curl)$/.test(program)) return undefined;
  const target = /(?:^|[^>&\d=-])>\s*["']?([^\s"'|;&<>]+)/.exec(text)?.[1];
  return target !== undefined && (printed.test(target) || comparedPlace.test(target)) ? target : undefined;
}

const printed = /\.(?:out|golden|expected|exp|snap|approved|ref|stdout|stderr)(?:\.\w+)?$/;
