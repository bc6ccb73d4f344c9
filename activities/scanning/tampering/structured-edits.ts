import { baseName } from '../extraction/base-name.ts';
import { optionValue } from '../extraction/inner-program.ts';
import type { Change } from './change.ts';

const dataFile =
  /^[\w./@~-]*[\w@-]\.(?:json[5c]?|ya?ml|toml|ini|cfg|conf|xml|properties|props|targets|csproj|fsproj|runsettings|rc)$|(?:^|\/)\.\w+rc$/;
const longest = 65_536;
const value = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\[[^\]\n]*\]|\{[^}\n]*\}|[Tt]rue|[Ff]alse|null|nil|None|-?\d[\d.]*`;

/** Settings that editors of structured files put in, as lines of such files. */
export function structuredCommand(program: string, args: string[], piped: string | undefined): Change[] {
  const path = args.find((arg) => dataFile.test(arg)) ?? piped;
  if (path === undefined) return [];
  const put = (key: string, text: string) => changeTo(path, key, text);
  if (program === 'crudini') {
    const at = args.indexOf('--set');
    const [, , key, text] = at === -1 ? [] : args.slice(at + 1);
    return key === undefined ? [] : [put(key, text ?? '')];
  }
  if (program === 'xmlstarlet') {
    const key = optionValue(args, '-u', '--update') ?? optionValue(args, '-n', '--name');
    const text = optionValue(args, '-v', '--value');
    return key === undefined || text === undefined ? [] : [put(lastKey(key), text)];
  }
  const named = optionValue(args, '-s', '--selector') ?? optionValue(args, '-r', '--selector');
  if (program === 'dasel' || program === 'toml') {
    const text = optionValue(args, '-v', '--value') ?? args.at(-1) ?? '';
    const key = named ?? args.find((arg) => /^\.?[\w-]+(?:\.[\w-]+)+$/.test(arg) && arg !== path);
    return key === undefined ? [] : [put(lastKey(key), text)];
  }
  return args
    .filter((arg) => arg !== path && /[^=!<>]=[^=]/.test(arg))
    .flatMap((filter) =>
      [...filter.matchAll(new RegExp(String.raw`(\.[\w.[\]"'()-]+)\s*(?:[+|]?=)\s*(${value})`, 'g'))].map(([, key = '', text = '']) =>
        put(lastKey(key), text.replace(/^["']|["']$/g, '')),
      ),
    );
}

const reads =
  /configparser|ConfigParser|\bjson\b|JSON\b|yaml|YAML|toml|TOML|ElementTree|minidom|etree|lxml|simplexml|DOMDocument|REXML|Nokogiri|package/;
const keyed = new RegExp(
  String.raw`((?:\[\s*:?["'][^"'\]\n]+["']\s*\])+|(?<=[\w\])])(?:\.(?!text\b|tail\b|attrib\b|value\b|length\b)[A-Za-z_]\w*){1,4})\s*\+?=(?!=)\s*(${value})`,
  'g',
);
const given = new RegExp(String.raw`\.set\(\s*(?:["'][^"'\n]*["']\s*,\s*)?["']([^"'\n]+)["']\s*,\s*(${value})`, 'g');
const appended = new RegExp(String.raw`\[\s*["']([^"'\]\n]+)["']\s*\]\.(?:append|push|extend|insert)\(\s*(?:\d+\s*,\s*)?(${value})`, 'g');
const element =
  /(?:SubElement\(\s*[\w.]+\s*,\s*|find\w*\(\s*|createElement\(\s*)["'](?:[^"'\n]*[}/:])?([\w.-]+)["'][^\n]{0,60}\)(?:\.text|\.textContent|\.firstChild\.\w+)\s*=\s*["']([^"'\n]*)["']/g;
const elements =
  /(\w+)\s*=\s*(?:[\w.]+\.)?(?:SubElement|find|createElement)\([^"'\n]*["'](?:[^"'\n]*[}/:])?([\w.-]+)["'][^\n]*\n(?:[^\n]*\n){0,3}?\s*\1\.(?:text|textContent)\s*=\s*["']([^"'\n]*)["']/g;

/** Settings that a program puts into a structured file by a library that reads and writes it, as lines of such files. */
export function structuredProgram(code: string): Change[] {
  if (code.length > longest || !reads.test(code) || !/write|dump|save|File\.|put_contents/.test(code)) return [];
  const path = [...code.matchAll(/["'`]([^"'`\n]{0,200})["'`]/g)].map((match) => match[1] ?? '').find((text) => dataFile.test(text));
  if (path === undefined) return [];
  const put = (key: string, text: string) => changeTo(path, key, text.replace(/^["']|["']$/g, ''));
  return [
    ...[...code.matchAll(keyed)].map(([, key = '', text = '']) => put(lastKey(key), text)),
    ...[...code.matchAll(given)].map(([, key = '', text = '']) => put(key, text)),
    ...[...code.matchAll(appended)].map(([, key = '', text = '']) => put(key, text.startsWith('[') ? text : `[${text}]`)),
    ...[...code.matchAll(element)].map(([, key = '', text = '']) => put(key, text)),
    ...[...code.matchAll(elements)].map(([, , key = '', text = '']) => put(key, text)),
  ].slice(0, 200);
}

function lastKey(key: string): string {
  return /["']([^"']+)["']\]?\s*$/.exec(key)?.[1] ?? /([\w-]+)(?:\[\d*\]|\(\))?\s*$/.exec(key)?.[1] ?? key;
}

/** A key with its value as it would stand in the file. */
function changeTo(path: string, key: string, text: string): Change {
  const plain = /^(?:true|false|null|none|nil|-?\d[\d.]*|[[{].*)$/is.test(text);
  const name = baseName(path);
  const lower = /^(?:True|False|None)$/.test(text) ? text.toLowerCase() : text;
  const after = /\.json|rc$/.test(name)
    ? `"${key}": ${plain ? lower : JSON.stringify(text)}`
    : /\.ya?ml$/.test(name)
      ? `${key}: ${lower}`
      : /\.(?:xml|props|targets|csproj|fsproj|runsettings)$/.test(name)
        ? `<${key}>${text}</${key}>`
        : name.endsWith('.toml')
          ? `${key} = ${plain ? lower : JSON.stringify(text)}`
          : `${key} = ${text}`;
  return { path, before: '', after, kind: 'edit' };
}
