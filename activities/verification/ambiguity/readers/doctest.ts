import { parseXml, type XmlElement } from '../../parsers/xml.ts';
import type { Said, ToolReport, ToolLog } from '../tool-report.ts';

const endTag = '</doctest>';

/**
 * doctest: a case may fail by an exception, by a message or outside its subcases, while the parser looks at the expressions
 * within them. Such a failure is laid on the subcase that it stands in or behind, else on all of the case.
 */
export function doctestReport({ text, statuses }: ToolLog): ToolReport {
  const from = text.indexOf('<doctest');
  const to = text.indexOf(endTag, from);
  const said: Said[] = [];
  const unread: ToolReport['unread'] = [];
  if (from === -1 || to === -1) return { said, unread };
  let after = 0;
  const elements = parseXml(text.slice(from, to + endTag.length));
  for (const [index, element] of elements.entries()) {
    if (element.tag !== 'TestCase' || index < after) continue;
    after = element.end;
    if (!hasFailed(elements, index)) continue;
    const own = element.attributes.get('name') ?? 'None';
    const subcases = within(elements, index).filter(({ tag }) => tag === 'SubCase');
    const line = `<TestCase name="${own}">`;
    if (subcases.length === 0) unread.push({ name: own, line });
    const nameOfSubcase = (subcase: XmlElement) => `${own} > ${subcase.attributes.get('name') ?? 'None'}`;
    const explained = subcases.some((subcase) => statuses.get(nameOfSubcase(subcase)) === 'FAILED');
    const blamed = blamedSubcases(elements, index);
    for (const subcase of blamed.length > 0 ? blamed : explained ? [] : subcases) {
      said.push({ name: nameOfSubcase(subcase), outcome: 'failed', cause: 'unseen_error', line });
    }
  }
  return { said, unread };
}

function within(elements: XmlElement[], index: number): XmlElement[] {
  return elements.slice(index + 1, elements[index]?.end);
}

function hasFailed(elements: XmlElement[], index: number): boolean {
  return within(elements, index).some(
    ({ tag, attributes }) => tag === 'Exception' || (tag === 'OverallResultsAsserts' && attributes.get('test_case_success') === 'false'),
  );
}

/** Subcases with an error of their own that is no expression. */
function blamedSubcases(elements: XmlElement[], index: number): XmlElement[] {
  const blamed = new Set<XmlElement>();
  let last: XmlElement | undefined;
  for (const element of within(elements, index)) {
    if (element.tag === 'SubCase') last = element;
    const isError = element.tag === 'Exception' || (element.tag === 'Message' && /ERROR/.test(element.attributes.get('type') ?? ''));
    if (isError && last !== undefined) blamed.add(last);
  }
  return [...blamed];
}
