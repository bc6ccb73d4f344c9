import { FAILED, nameJoiner, PASSED, type Statuses, parserError } from './parser.ts';
import { parseXml } from './xml.ts';

const start = '<doctest';
const end = '</doctest>';

/**
 * doctest's XML (`-s -r=xml`): each subcase below a test case, by the innermost name, failed when an expression below
 * it did. Cases without subcases give nothing; XML that is cut off or malformed breaks it.
 */
export function doctest(log: string, statuses: Statuses = new Map()): Statuses {
  const from = log.indexOf(start);
  if (from === -1) return statuses;
  const to = log.indexOf(end, from);
  if (to === -1) throw parserError('the report of doctest has no end');
  return readReport(log.slice(from, to + end.length), nameJoiner(log, ' > '), statuses);
}

function readReport(document: string, join: (suites: readonly string[], name: string) => string, statuses: Statuses): Statuses {
  const elements = parseXml(document);
  const subcases = elements.map((element, index) => ({ ...element, index })).filter(({ tag }) => tag === 'SubCase');
  const failuresBefore = [0];
  for (const { tag, attributes } of elements) {
    const failed = tag === 'Expression' && attributes.get('success') !== 'true';
    failuresBefore.push((failuresBefore.at(-1) ?? 0) + (failed ? 1 : 0));
  }
  const failuresWithin = (index: number, after: number) => (failuresBefore[after] ?? 0) - (failuresBefore[index + 1] ?? 0);
  let first = 0;
  for (const [index, testCase] of elements.entries()) {
    if (testCase.tag !== 'TestCase' || testCase.parent === -1) continue;
    while ((subcases[first]?.index ?? Infinity) < index) first++;
    for (let next = first; (subcases[next]?.index ?? Infinity) < testCase.end; next++) {
      const subcase = subcases[next];
      if (subcase === undefined) break;
      const name = join([testCase.attributes.get('name') ?? 'None'], subcase.attributes.get('name') ?? 'None');
      statuses.set(name, failuresWithin(subcase.index, subcase.end) > 0 ? FAILED : PASSED);
    }
  }
  return statuses;
}
