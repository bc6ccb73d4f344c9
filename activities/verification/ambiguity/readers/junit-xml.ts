import { parseXml } from '../../parsers/xml.ts';
import { linesWith, type Outcome, type Said, type ToolReader, type ToolReport } from '../tool-report.ts';

type NameTest = (attributes: ReadonlyMap<string, string>) => string;

/** `classname::name`, as reports are read together. */
export const joinedByColons: NameTest = (attributes) => `${attributes.get('classname') ?? 'None'}::${attributes.get('name') ?? 'None'}`;

/** `name (classname)`, as Gradle's reports are read. */
export const classInBrackets: NameTest = (attributes) => {
  const { name = '', classname = '' } = Object.fromEntries(attributes);
  return name !== '' && classname !== '' ? `${name} (${classname})` : name;
};

const document = /<\?xml[^]*?(?:<\/testsuites>|<\/testsuite>\s*$|(?=<\?xml)|$(?![^]))/g;
const testCase = /<testcase\b((?:[^<>"]|"[^"<]*"){0,4096}?)(\/?)>(?:((?:(?!<testcase\b)[^])*?)<\/testcase>)?/g;

/** Reports that are not well-formed give the parser nothing, but their test cases can be read. */
export function brokenReports(name: NameTest): ToolReader {
  return ({ text, statuses: { results } }) => {
    const said: Said[] = [];
    const written = text.match(/<testcase\b/g)?.length ?? 0;
    const allRead = results.passed + results.failed + results.other >= written;
    for (const [report] of allRead ? [] : text.matchAll(document)) {
      if (!isWellFormed(report.trim())) said.push(...looseCases(report, name));
    }
    return { said, unread: [], totals: reportTotals(text) };
  };
}

function isWellFormed(report: string): boolean {
  try {
    parseXml(report);
    return true;
  } catch {
    return false;
  }
}

function looseCases(report: string, name: NameTest): Said[] {
  return [...report.matchAll(testCase)].map(([element, written = '', closed = '', content = '']) => ({
    name: name(attributesOf(written)),
    outcome: closed === '/' ? 'passed' : outcomeOf(content),
    cause: 'broken_report',
    line: element.split('\n', 1)[0] ?? '',
  }));
}

/** A report read as text takes an element's name in quoted output for the element. */
export const quotedResults: ToolReader = ({ text }) => {
  const said: Said[] = [];
  if (text.includes('<![CDATA[')) {
    for (const [element, written = '', , content = ''] of text.matchAll(testCase)) {
      const bare = content.replaceAll(/<!\[CDATA\[[^]*?\]\]>/g, '');
      if (bare.length === content.length || outcomeOf(content) === outcomeOf(bare)) continue;
      const { name = '', classname = '' } = Object.fromEntries(attributesOf(written));
      const line = element.split('\n', 1)[0] ?? '';
      if (name !== '') said.push({ name: `${classname} ${name}`.trim(), outcome: outcomeOf(bare), cause: 'broken_report', line });
    }
  }
  return { said, unread: [], totals: reportTotals(text) };
};

function outcomeOf(content: string): Outcome {
  if (/<(failure|error)\b/.test(content)) return 'failed';
  return content.includes('<skipped') ? 'skipped' : 'passed';
}

function attributesOf(written: string): Map<string, string> {
  return new Map([...written.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}

/** What the outermost suites say of themselves: inner ones are counted in them. */
function reportTotals(text: string): ToolReport['totals'] {
  let failed = 0;
  let depth = 0;
  let line: string | undefined;
  for (const [tag] of text.matchAll(/<testsuite\b[^<>]*>|<\/testsuite>/g)) {
    if (tag.startsWith('</')) {
      depth = Math.max(0, depth - 1);
      continue;
    }
    if (depth === 0) {
      const attributes = attributesOf(tag);
      failed += Number(attributes.get('failures') ?? 0) + Number(attributes.get('errors') ?? 0);
      line ??= linesWith(text, tag).next().value ?? tag;
    }
    if (!tag.endsWith('/>')) depth += 1;
  }
  return line === undefined || Number.isNaN(failed) ? undefined : { failed, line };
}
