import { dynamicText } from './shell-syntax.ts';

/** A Python value as far as the program's text decides it. */
export type PythonValue =
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number }
  | { kind: 'list'; items: PythonValue[] }
  | { kind: 'map'; entries: Map<string, PythonValue> }
  /** Something known by where it comes from: `subprocess.run`, `git.Repo().git.log`; of a repository's object also where that lies. */
  | { kind: 'name'; path: string; place?: string | undefined }
  | { kind: 'unknown' };

export const unknownValue: PythonValue = { kind: 'unknown' };

export function textValue(text: string): PythonValue {
  return { kind: 'text', text: text.slice(0, 262_144) };
}

/** The value as a piece of a command; what is unknown becomes `dynamicText`. */
export function asText(value: PythonValue): string {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return String(value.number);
  if (value.kind === 'name' && value.path === 'sys.executable') return 'python';
  if (value.kind === 'name' && /Path\(\)/.test(value.path)) return value.path.slice(value.path.indexOf('\0') + 1);
  return dynamicText;
}

/** `left + right`, `left % right`, `left * right`, `left / right` on what is known. */
export function operated(operator: string, left: PythonValue, right: PythonValue): PythonValue {
  if (operator === '+' && left.kind === 'list' && right.kind === 'list')
    return { kind: 'list', items: [...left.items, ...right.items].slice(0, 1000) };
  if (operator === '+' && left.kind === 'number' && right.kind === 'number') return { kind: 'number', number: left.number + right.number };
  if (operator === '+' && (left.kind === 'text' || right.kind === 'text')) return textValue(asText(left) + asText(right));
  if (operator === '%' && left.kind === 'text')
    return textValue(percentFormatted(left.text, right.kind === 'list' ? right.items : [right]));
  if (operator === '*' && left.kind === 'text' && right.kind === 'number')
    return textValue(left.text.repeat(Math.max(0, Math.min(right.number, 64))));
  if (operator === '/') return textValue(`${asText(left).replace(/\/$/, '')}/${asText(right)}`);
  return unknownValue;
}

function percentFormatted(format: string, values: PythonValue[]): string {
  const rest = [...values];
  return format.replace(/%[-+ #0]*\d*(?:\.\d+)?([srdixXc%])/g, (_, kind: string) =>
    kind === '%' ? '%' : asText(rest.shift() ?? unknownValue),
  );
}

/** A method of a string or list, or undefined for one that is not followed. */
export function methodValue(target: PythonValue, method: string, args: PythonValue[]): PythonValue | undefined {
  const [first, second] = args;
  if (target.kind === 'map') {
    if (method === 'values') return { kind: 'list', items: [...target.entries.values()] };
    if (method === 'keys') return { kind: 'list', items: [...target.entries.keys()].map(textValue) };
    return method === 'get' && first !== undefined ? (target.entries.get(asText(first)) ?? unknownValue) : undefined;
  }
  if (target.kind === 'list') {
    return method === 'copy' || method === 'index' ? target : undefined;
  }
  if (target.kind !== 'text') return undefined;
  const { text } = target;
  switch (method) {
    case 'split':
      return {
        kind: 'list',
        items: (first?.kind === 'text' && first.text !== '' ? text.split(first.text) : text.trim().split(/\s+/)).map(textValue),
      };
    case 'splitlines':
      return { kind: 'list', items: text.split('\n').map(textValue) };
    case 'join':
      return first?.kind === 'list' ? textValue(first.items.map(asText).join(text)) : unknownValue;
    case 'format':
      return textValue(formatted(text, args));
    case 'replace':
      return first === undefined || second === undefined ? target : textValue(text.replaceAll(asText(first), asText(second)));
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return textValue(text.trim());
    case 'lower':
      return textValue(text.toLowerCase());
    case 'upper':
      return textValue(text.toUpperCase());
    case 'encode':
    case 'expanduser':
    case 'dedent':
      return target;
    case 'decode':
      return first?.kind === 'text' && /rot.?13/i.test(first.text) ? textValue(rot13(text)) : target;
    default:
      return undefined;
  }
}

function formatted(text: string, values: PythonValue[]): string {
  let next = 0;
  return text.replace(/\{\{|\}\}|\{(\d*)[^{}]*\}/g, (whole, index?: string) => {
    if (index === undefined) return whole.charAt(0);
    const at = index === '' ? next++ : Number(index);
    return asText(values[at] ?? unknownValue);
  });
}

/** A function of the standard library that makes text of text, or undefined for any other. */
export function functionValue(name: string, args: PythonValue[]): PythonValue | undefined {
  const [first, second] = args;
  const text = first === undefined ? '' : asText(first);
  switch (name) {
    case 'str':
    case 'bytes':
    case 'textwrap.dedent':
    case 'os.path.expanduser':
    case 'os.path.abspath':
    case 'shlex.quote':
    case 'os.fspath':
      return first?.kind === 'name' ? textValue(asText(first)) : first;
    case 'list':
    case 'tuple':
    case 'sorted':
      return first?.kind === 'text' ? { kind: 'list', items: [...first.text].map(textValue) } : first;
    case 'reversed':
      if (first?.kind === 'text') return { kind: 'list', items: [...first.text].toReversed().map(textValue) };
      return first?.kind === 'list' ? { kind: 'list', items: first.items.toReversed() } : unknownValue;
    case 'chr':
      return first?.kind === 'number' && first.number >= 0 && first.number <= 0x10ffff
        ? textValue(String.fromCodePoint(first.number))
        : unknownValue;
    case 'shlex.split':
      return {
        kind: 'list',
        items: [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => textValue(match[1] ?? match[2] ?? match[3] ?? '')),
      };
    case 'shlex.join':
      return first?.kind === 'list' ? textValue(first.items.map(asText).join(' ')) : unknownValue;
    case 'os.path.join':
      return textValue(args.map(asText).join('/'));
    case 'bytes.fromhex':
    case 'bytearray.fromhex':
    case 'binascii.unhexlify':
      return textValue(Buffer.from(text.replace(/\s/g, ''), 'hex').toString());
    case 'base64.b64decode':
    case 'base64.standard_b64decode':
    case 'base64.urlsafe_b64decode':
    case 'base64.decodebytes':
      return textValue(Buffer.from(text, 'base64').toString());
    case 'codecs.decode':
      return textValue(second !== undefined && /rot.?13/i.test(asText(second)) ? rot13(text) : Buffer.from(text, 'hex').toString());
    default:
      return undefined;
  }
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (char) => String.fromCharCode(char.charCodeAt(0) + (char.toLowerCase() < 'n' ? 13 : -13)));
}
