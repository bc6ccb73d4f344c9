import { isRecord } from '../../../../schemas/is-record.ts';

/** Arguments that only hold the real ones. */
const wrappers = new Set(
  'action actions input params parameters arguments args kwargs request payload options toolinput functionargs data body properties'.split(
    ' ',
  ),
);
const deepest = 6;
const mostTexts = 400;

/** A tool call as the readers of tools look at it: its name in words, its arguments by plain names. */
export interface ToolCall {
  name: string;
  words: ReadonlySet<string>;
  /** The name's words joined by `_`: `readFile` and `read-file` are `read_file`. */
  plain: string;
  /** The same without the server that the tool belongs to: `mcp__notes__add_note` is `add_note`. */
  tool: string;
  args: ToolArguments;
}

interface ToolName {
  words: ReadonlySet<string>;
  plain: string;
  tool: string;
}

const mostNames = 2_000;
const names = new Map<string, ToolName>();

export function toolCall(name: string, args: Record<string, unknown>): ToolCall {
  const known = names.get(name) ?? toolName(name);
  return { name, words: known.words, plain: known.plain, tool: known.tool, args: new ToolArguments(args) };
}

/** A trajectory calls a few tools many times: what their names say is kept. */
function toolName(name: string): ToolName {
  const words = nameWords(name);
  const own = name.split(/__|[./:]/).findLast((part) => part !== '') ?? name;
  const made = { words: new Set(words), plain: words.join('_'), tool: nameWords(own).join('_') };
  if (names.size >= mostNames) names.clear();
  names.set(name, made);
  return made;
}

/** `mcp__github__getIssue` → `mcp`, `github`, `get`, `issue`. */
function nameWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/**
 * The arguments of a call by plain names (`absolute_path`, `AbsolutePath` and `absolutePath` are `absolutepath`), with
 * those of nested objects, and of JSON text that holds one, beside them. Outer arguments hide inner ones.
 */
export class ToolArguments {
  readonly #values = new Map<string, unknown>();
  readonly #given: Record<string, unknown>;

  constructor(args: Record<string, unknown>) {
    this.#given = args;
    this.#take(args, 0);
  }

  get given(): Record<string, unknown> {
    return this.#given;
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  value(...names: readonly string[]): unknown {
    for (const name of names) {
      const value = this.#values.get(name);
      if (value !== undefined && value !== null && value !== '') return value;
    }
    return undefined;
  }

  /** The first of these arguments that is text, or a number as text. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = asText(this.#values.get(name));
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  }

  /** The texts of the first of these arguments that has any: itself, or the items of its list. */
  texts(...names: readonly string[]): string[] {
    for (const name of names) {
      const found = listed(this.#values.get(name));
      if (found.length > 0) return found;
    }
    return [];
  }

  isTrue(...names: readonly string[]): boolean {
    return names.some((name) => this.#values.get(name) === true || this.#values.get(name) === 'true');
  }

  /** The objects in the lists of these arguments. */
  objects(...names: readonly string[]): Record<string, unknown>[] {
    return names.flatMap((name) => {
      const value = parsed(this.#values.get(name));
      return Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
    });
  }

  /** Every text in the arguments, however deep. */
  everyText(): string[] {
    const out: string[] = [];
    const collect = (value: unknown, depth: number) => {
      if (out.length >= mostTexts || depth > deepest) return;
      if (typeof value === 'string') out.push(value);
      else if (Array.isArray(value)) for (const item of value) collect(item, depth + 1);
      else if (isRecord(value)) for (const item of Object.values(value)) collect(item, depth + 1);
    };
    collect(this.#given, 0);
    return out;
  }

  #take(args: Record<string, unknown>, depth: number): void {
    const nested: Record<string, unknown>[] = [];
    for (const [key, value] of Object.entries(args)) {
      const name = plainName(key);
      if (!this.#values.has(name)) this.#values.set(name, value);
      if (!wrappers.has(name)) continue;
      const inner = parsed(value);
      if (isRecord(inner)) nested.push(inner);
    }
    if (depth < deepest) for (const inner of nested) this.#take(inner, depth + 1);
  }
}

const plainNames = new Map<string, string>();

export function plainName(key: string): string {
  const known = plainNames.get(key);
  if (known !== undefined) return known;
  const plain = key.toLowerCase().replace(/[^a-z\d]/g, '');
  if (plainNames.size >= mostNames) plainNames.clear();
  plainNames.set(key, plain);
  return plain;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function listed(value: unknown): string[] {
  const whole = typeof value === 'string' && /^\s*\[/.test(value) ? parsed(value) : value;
  if (Array.isArray(whole)) {
    return whole.flatMap((item: unknown) => {
      if (isRecord(item)) {
        const named =
          item['path'] ??
          item['file_path'] ??
          item['file'] ??
          item['url'] ??
          item['query'] ??
          item['source'] ??
          item['code'] ??
          item['name'];
        return typeof named === 'string' ? [named] : [];
      }
      const text = asText(item);
      return text === undefined || text === '' ? [] : [text];
    });
  }
  const text = asText(value);
  return text === undefined || text === '' ? [] : [text];
}

/** A value, or what the JSON in a text says. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    const whole: unknown = JSON.parse(value);
    return whole;
  } catch {
    return value;
  }
}
