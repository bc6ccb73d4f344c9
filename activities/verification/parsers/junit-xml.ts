import { Problem } from '../../../schemas/problem.ts';
import { ERROR, FAILED, PASSED, SKIPPED, type Statuses } from './parser.ts';
import { pythonPattern, strip } from './python-text.ts';
import { parseXml, type XmlElement } from './xml.ts';

const reportEnd = '</testsuites>';

/** Every JUnit report in a log, from its declaration to the end of its `testsuites`; broken reports give nothing. */
export function junitReports(log: string, statuses: Statuses = new Map()): Statuses {
  let start = log.indexOf('<?xml');
  while (start !== -1) {
    const end = log.indexOf(reportEnd, start);
    if (end === -1) break;
    junitReport(log.slice(start, end + reportEnd.length), statuses);
    start = log.indexOf('<?xml', end + reportEnd.length);
  }
  return statuses;
}

/** One JUnit report: `classname::name`, an absent attribute read as `None`. */
export function junitReport(document: string, statuses: Statuses = new Map()): Statuses {
  for (const { attributes, children } of testCasesOf(document)) {
    const name = `${attributes.get('classname') ?? 'None'}::${attributes.get('name') ?? 'None'}`;
    statuses.set(name, children.has('failure') ? FAILED : children.has('skipped') ? SKIPPED : children.has('error') ? ERROR : PASSED);
  }
  return statuses;
}

/** Reports of Gradle that lie bare in the log, each from its declaration to a line `</testsuite>`: `name (classname)`. */
export function gradleReports(log: string, statuses: Statuses = new Map()): Statuses {
  let report: string[] | undefined;
  for (const line of log.split('\n')) {
    const stripped = strip(line);
    if (stripped.startsWith('<?xml')) {
      report = [line];
    } else if (report !== undefined) {
      report.push(line);
      if (!stripped.startsWith('</testsuite>')) continue;
      readGradleReport(statuses, report.join('\n'));
      report = undefined;
    }
  }
  return statuses;
}

function readGradleReport(statuses: Statuses, document: string): void {
  for (const { attributes, children } of testCasesOf(document)) {
    const name = attributes.get('name') ?? '';
    const classname = attributes.get('classname') ?? '';
    const status = children.has('skipped') ? SKIPPED : children.has('failure') ? FAILED : children.has('error') ? ERROR : PASSED;
    statuses.set(classname !== '' && name !== '' ? `${name} (${classname})` : name, status);
  }
}

interface TestCase {
  attributes: Map<string, string>;
  /** Names of its direct children. */
  children: Set<string>;
}

/** The `testcase` elements below the root; none where the document is malformed. */
function testCasesOf(document: string): TestCase[] {
  const elements = elementsOf(document);
  const cases = new Map<number, TestCase>();
  for (const [index, { tag, attributes, parent }] of elements.entries()) {
    cases.get(parent)?.children.add(tag);
    if (tag === 'testcase' && parent !== -1) cases.set(index, { attributes, children: new Set() });
  }
  return [...cases.values()];
}

function elementsOf(document: string): XmlElement[] {
  try {
    return parseXml(document);
  } catch (error) {
    if (error instanceof Problem && error.code === 'malformed_xml') return [];
    throw error;
  }
}

const openTag = pythonPattern(String.raw`<testcase\b`, 'g');
const wordRun = pythonPattern(String.raw`\w+`, 'g');
const closeTag = '</testcase>';
/** Read of an element that has no end. */
const window = 4096;

/**
 * `testcase` elements anywhere in a text that need not be XML: `classname name`, entities as they stand. A `>` within
 * an attribute ends the tag, and of attributes whose names end in the same word the last counts.
 */
export function junitFragments(log: string, statuses: Statuses = new Map()): Statuses {
  let closesUntil = Infinity;
  openTag.lastIndex = 0;
  for (let match = openTag.exec(log); match !== null; match = openTag.exec(log)) {
    const tagEnd = log.indexOf('>', openTag.lastIndex);
    if (tagEnd === -1) break;
    const written = log.slice(openTag.lastIndex, tagEnd);
    openTag.lastIndex = tagEnd + 1;
    const attributes = quotedAttributes(written);
    const name = attributes.get('name') ?? '';
    if (name === '') continue;
    let content = '';
    if (!strip(written).endsWith('/')) {
      const close = tagEnd < closesUntil ? log.indexOf(closeTag, tagEnd + 1) : -1;
      if (close === -1) closesUntil = Math.min(closesUntil, tagEnd);
      else openTag.lastIndex = close + closeTag.length;
      content = log.slice(tagEnd + 1, close === -1 ? tagEnd + 1 + window : close);
    }
    const classname = attributes.get('classname') ?? '';
    statuses.set(classname === '' ? name : strip(`${classname} ${name}`), statusOfContent(content));
  }
  return statuses;
}

function quotedAttributes(written: string): Map<string, string> {
  const attributes = new Map<string, string>();
  wordRun.lastIndex = 0;
  for (let match = wordRun.exec(written); match !== null; match = wordRun.exec(written)) {
    const after = wordRun.lastIndex;
    if (!written.startsWith('="', after)) continue;
    const end = written.indexOf('"', after + 2);
    if (end === -1) break;
    attributes.set(match[0], written.slice(after + 2, end));
    wordRun.lastIndex = end + 1;
  }
  return attributes;
}

function statusOfContent(content: string): string {
  if (content.includes('<failure')) return FAILED;
  if (content.includes('<error')) return ERROR;
  return content.includes('<skipped') ? SKIPPED : PASSED;
}
