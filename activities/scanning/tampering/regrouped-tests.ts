import { assertionsIn, assertsLittle, assertsNothing, isComment, testsDefined } from './test-code.ts';

/**
 * Whether tests were joined into one with parameters, a table or a loop: all inputs and expected values of those that are
 * gone stand in what came, beside an assertion that asks as much.
 */
export function isRegrouped(taken: readonly string[], put: readonly string[]): boolean {
  if (put.some((line) => sharedExamples.test(line))) return areKept(taken, put, /\D/);
  const asked = assertionsIn(taken);
  const asks = assertionsIn(put);
  const strong = (line: string) => !assertsNothing(line) && !assertsLittle(line);
  if (asked.length === 0 || !(asked.some(strong) ? asks.some(strong) : asks.length > 0)) return false;
  if (asks.some((line) => assertsNothing(line))) return false;
  const text = put.filter((line) => !isComment(line)).join('\n');
  // As many assertions as there were, or one that stands for several cases.
  if (asks.length < asked.length && !forSeveral.test(text) && !put.some((line) => providers.test(line))) return false;
  return areKept(taken, put, /^/);
}

/** Examples of RSpec that the project shares between its tests: what they ask for stands elsewhere, their cases stand here. */
const sharedExamples = /^\s*(?:it_behaves_like|it_should_behave_like|include_examples)\b/;

/** Whether the inputs and expected values of old lines that are of a kind all stand in the new ones. */
function areKept(taken: readonly string[], put: readonly string[], kind: RegExp): boolean {
  const text = put.filter((line) => !isComment(line)).join('\n');
  const values = taken
    .filter((line) => !isComment(line) && testsDefined(line).length === 0)
    .flatMap((line) => valuesIn(line))
    .filter((value) => kind.test(value));
  // A row of a table may stand in one text: `"a,1"`.
  const rows = valuesIn(text);
  const kept = new Set([...rows, ...rows.flatMap((row) => row.split(/[\s,;|]+/))]);
  return values.length > 0 && values.every((value) => kept.has(value) || (value.length > 2 && text.includes(value)));
}

/** What names the cases of a test in the comment above it, as PHPUnit has it. */
const providers = /^\s*(?:\/\*)?\*+\s*@(?:dataProvider|testWith)\b/;

/** What runs an assertion for a row of cases. */
const forSeveral =
  /\b(?:for|forEach|foreach|each|map|parametri[sz]e\w*|subTest|subtests|Theory|InlineData|TestCase|ParameterizedTest|\w*Source|TestFactory|DataRow|dataProvider|DataProvider|TestWith|case|rstest|test_case|cases|table|forAll|with_them|where|using|INSTANTIATE\w*|GENERATE|doseq|are)\b/;

/** Texts without their quotes, numbers and the few words that values have in code. */
function valuesIn(text: string): string[] {
  return [
    ...text.matchAll(/"([^"\n]*)"|'([^'\n]*)'|`([^`\n]*)`|(?<![\w.])(-?\d[\w.]*)|\b(true|false|True|False|None|null|nil|undefined)\b/g),
  ].map(([whole, ...parts]) => (parts.find((part) => part !== undefined) ?? whole).replace(/\.$/, ''));
}
