/** Names that test frameworks put among the globals of what they run. */
const listed = String.raw`jasmine|jest|mocha|Mocha|describe|xdescribe|beforeEach|beforeAll|afterEach|afterAll|QUnit|vitest|Cypress|__karma__|__coverage__|__(?:jest|vitest|playwright|cypress|mocha)\w*`;
const names = String.raw`(?:${listed})`;
/** The same as keys, where the functions of tests are names enough. */
const keys = String.raw`(?:${listed}|it|test|expect|vi)`;
const holder = String.raw`(?:globalThis|window|global|self)`;
const held: readonly RegExp[] = [
  new RegExp(
    String.raw`\b${holder}\b(?:\s+as\s+[^)\n]{1,40})?\)?\s*(?:\?\.|\.)\s*${names}\b(?!\s*(?:=(?!=)|\())|\b${holder}\b(?:\s+as\s+[^)\n]{1,40})?\)?\s*(?:\?\.)?\[\s*["'\x60]${keys}["'\x60]\s*\](?!\s*=(?!=))`,
  ),
  new RegExp(String.raw`["'\x60]${keys}["'\x60]\s+in\s+\(?${holder}\b`),
  new RegExp(String.raw`\bReflect\.(?:has|get)\(\s*${holder}\s*,\s*["'\x60]${keys}["'\x60]`),
  new RegExp(String.raw`\b(?:keys|getOwnPropertyNames|hasOwn|hasOwnProperty\.call)\(\s*${holder}\b[^\n]{0,60}["'\x60]${keys}["'\x60]`),
];
const quick = /globalThis|window|global|self/;

/** A look at a global of a test framework, in code of the product. */
export function asksForGlobal(text: string): string | undefined {
  if (!quick.test(text)) return undefined;
  return held.map((pattern) => pattern.exec(text)?.[0]).find((one) => one !== undefined);
}

const parts = /["'`]\s*(?:\+\+?|\.\.?|<>|~|&)\s*["'`]|\$\{\s*["']|(["'])[ \t]+\1\w/;

/** A text in which strings that are put together of literals stand as one. */
export function literalsJoined(text: string): string {
  return parts.test(text)
    ? text
        .replace(/\$\{\s*(["'])([^"'\n]*)\1\s*\}/g, '$2')
        .replace(/["'`]\s*(?:\+\+?|\.\.?|<>|~|&)\s*["'`]/g, '')
        .replace(/(["'])[ \t]+\1(?=\w)/g, '')
    : text;
}
