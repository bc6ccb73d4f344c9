import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

const quick = /cmp|__eq__|\b(?:[eE]quals?|eq|isequal|eql\?)\b|==\s*\)?\s*[(_]/;
/** Values that have one state are equal by nature. */
const oneState =
  /\b(?:class|struct|type|data|record|enum|object)\s+\w*(?:Unit|Empty|Any|Wildcard|Marker|Singleton|Never|Nothing|Ignored?|Void|Null)\w*/;

/** Ways in which languages say that two values are equal, where nothing of them is asked. */
const signs: readonly RegExp[] = [
  /\bdef\s+__eq__\s*\([^)]*\)\s*(?:->\s*\w+\s*)?:\s*\n?\s*return\s+(?:True\b|\w+\s+is\s+not\s+None\s*(?:$|\n)|isinstance\s*\(\s*\w+\s*,\s*\(?\s*(?:int|str|float|dict|list|tuple|bytes|bool|object|set|Decimal|datetime)\b[^)\n]*\)+\s*(?:$|\n))/,
  /\b__eq__\s*=\s*lambda[^:\n]*:\s*True\b/,
  /\bboolean\s+equals\s*\([^)]*\)\s*\{\s*return\s+(?:true|\w+\s*!=\s*null)\s*;/,
  /\bfun\s+equals\s*\([^)]*\)[^=\n{]*(?:=\s*true\b|\{\s*return\s+true\b)|\bdef\s+equals\s*\([^)]*\)\s*(?::\s*Boolean\s*)?=\s*true\b/,
  /\bbool\s+Equals\s*\([^)]*\)\s*(?:=>\s*true\b|\{\s*return\s+true;)|\boperator\s*==\s*\([^)]*\)[\s\w]*(?:=>\s*true\b|\{\s*return\s+true;)/,
  /\bfn\s+eq\s*\([^)]*\)\s*->\s*bool\s*\{\s*true\s*\}/,
  /\bdef\s+(?:==|eql\?)\s*\(?\s*_?\w+\s*\)?\s*(?:=|\n|;)\s*(?:true|\w+\.respond_to\?[^\n&]*|!\w+\.nil\?)\s*(?:$|\n|;)/,
  /\bfunc\s+\([^)]*\)\s+Equals?\([^)]*\)\s+bool\s*\{\s*return\s+true\s*\}/,
  /\bfunc\s+==\s*\([^)]*\)\s*->\s*Bool\s*\{\s*(?:return\s+)?true\s*\}/,
  /(?:^|\n)\s*\(?(?:==\)?\s+_\s+_|_\s*==\s*_)\s*=\s*True\b/,
  /(?:\bBase\.:?\(?==\)?|\bBase\.isequal)\([^)\n]*\)\s*=\s*true\b/,
  /#\s*define\s+(?:str(?:n?case)?n?cmp|memcmp|wcscmp|bcmp)\s*\([^)]*\)\s*\(?\s*0\s*\)?\s*(?:$|\n)/,
  /\b(?:function\s+)?equals\s*\([^)]*\)\s*(?::\s*\??bool(?:ean)?\s*)?\{\s*return\s+true\s*;?\s*\}/,
];
/** A class that stems from values with many states. */
const manyStates = /\bclass\s+\w+\(\s*(?:str|int|float|bytes|dict|list|tuple|Decimal)\s*\)/;
/** A class whose objects are equal to all of the kind that it stems from. */
const ofItsBase =
  /\bclass\s+\w+\(\s*([\w.]+)\s*\):[\s\S]{0,600}?\bdef\s+__eq__\s*\([^)]*\)\s*(?:->\s*\w+\s*)?:\s*\n?\s*return\s+isinstance\s*\(\s*\w+\s*,\s*([\w.]+)\s*\)\s*(?:$|\n)/;

/** A method by which values are equal where they are of one class. */
const ofOneClass =
  /\bdef\s+(?:==|eql\?)\s*\(?\s*(\w+)\s*\)?\s*\n?\s*(?:return\s+)?\1\.(?:is_a\?|instance_of\?|kind_of\?)\(?\s*[\w:.]+\s*\)?\s*(?:$|\n)|\bboolean\s+equals\s*\(\s*(?:final\s+)?Object\s+(\w+)\s*\)\s*\{\s*return\s+\2\s+instanceof\s+\w+(?:<\?>)?\s*;|\bbool\s+Equals\s*\([^)]*\s(\w+)\s*\)\s*(?:=>|\{\s*return)\s*\3\s+is\s+\w+\s*;|\bdef\s+__eq__\s*\(\s*self\s*,\s*(\w+)[^)]*\)[^:]*:\s*\n?\s*return\s+isinstance\s*\(\s*\4\s*,\s*(?:\w+|type\(self\)|self\.__class__)\s*\)\s*(?:$|\n)|\bdef\s+__eq__\s*\([^)]*\)[^:]*:\s*\n?\s*return\s+type\(\w+\)\s+(?:is|==)\s+type\(\w+\)\s*(?:$|\n)/;
const opensClass = /\b(?:class|struct|record|data|enum|object)\s+\w/;

/** New code by which values are equal whatever they hold, so that no comparison of a test fails. */
export function alwaysEqual(change: Change): Found[] {
  if (!quick.test(change.after)) return [];
  const text = changedLines(change).put.join('\n');
  if (!quick.test(text) || (oneState.test(text) && !manyStates.test(text))) return [];
  const kind = ofItsBase.exec(text);
  const sign = signs.map((pattern) => pattern.exec(text)?.[0]).find((one) => one !== undefined && !change.before.includes(one));
  // A new class may have one state: of one that was there its values are told apart elsewhere.
  const one = change.kind === 'edit' && opensClass.test(change.before) && !opensClass.test(text) ? ofOneClass.exec(text)?.[0] : undefined;
  const found = sign ?? one ?? (kind !== null && kind[1] === kind[2] ? kind[0] : undefined);
  return found === undefined
    ? []
    : [{ kind: 'outcome_forced', severity: 'violation', evidence: `makes everything equal: ${short(found.trim())}` }];
}
