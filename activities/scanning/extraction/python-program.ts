import type { Node } from 'web-tree-sitter';
import { decodeAnsi } from './ansi-quoting.ts';
import type { CodeRun, CodeRuns } from './code-run.ts';
import { withTree } from '../../syntax/grammars.ts';
import { cutsOffNetwork } from './cut-off-network.ts';
import { type CallArguments, repositoryOpened, runsOfCall, runsOfAttribute } from './python-calls.ts';
import { PythonNames } from './python-names.ts';
import { notebookLines } from './notebook-lines.ts';
import type { PythonState } from './python-state.ts';
import { mayAct, quotedCommands } from './python-source.ts';
import { roughRuns } from './rough-code.ts';
import { dynamicText } from './shell-syntax.ts';
import { asText, functionValue, methodValue, operated, type PythonValue, textValue, unknownValue } from './python-values.ts';

const mostNodes = 60_000;
const deepestNesting = 120;
const deepestCall = 6;

const longestKept = 8_000;
const mostKept = 200;
/** What programs came to that stand alone: agents run the same script again after each change of something else. */
const kept = new Map<string, CodeRuns>();

/**
 * The commands that a Python program runs, its requests and the files that it reads and writes. `state` is what the
 * interpreter knows from earlier programs, where one interpreter runs several, as in a notebook.
 */
export function commandsInPython(code: string, state?: PythonState): CodeRuns {
  if (state?.holdsNames !== true && !mayAct(code)) return { runs: [], whole: true };
  if (state !== undefined) return readProgram(code, state);
  const known = kept.get(code);
  if (known !== undefined) return known;
  const read = readProgram(code, undefined);
  if (code.length <= longestKept) {
    if (kept.size >= mostKept) kept.clear();
    kept.set(code, read);
  }
  return read;
}

function readProgram(code: string, state: PythonState | undefined): CodeRuns {
  const own = notebookLines(code.replaceAll('\r\n', '\n'));
  const source = state === undefined ? own : `${state.functionsCalledIn(own)}${own}`;
  const read = withTree('python', source, (tree) => {
    const walker = new PythonWalker(source, state);
    walker.walk(tree.rootNode);
    return { runs: walker.runs, whole: walker.whole && !tree.rootNode.hasError };
  });
  if (read?.whole === true)
    return read.runs.some(asksNetwork) && cutsOffNetwork(source) ? { ...read, runs: read.runs.filter((run) => !asksNetwork(run)) } : read;
  return { runs: [...(read?.runs ?? []), ...roughRuns(source, 'python')], whole: false };
}

function asksNetwork(run: CodeRun): boolean {
  return run.kind === 'argv' && run.argv[0] === 'curl';
}

/** Git commands on an object of a repository, where that repository lies. */
function placed(runs: readonly CodeRun[], place: string | undefined): CodeRun[] {
  return runs.map((run) =>
    place !== undefined && run.kind === 'argv' && run.argv[0] === 'git' && run.directory === undefined ? { ...run, directory: place } : run,
  );
}

class PythonWalker {
  readonly runs: CodeRun[] = [];
  whole = true;
  readonly #source: string;
  readonly #names: PythonNames;
  readonly #state: PythonState | undefined;
  readonly #functions = new Map<string, Node>();
  readonly #called = new Set<string>();
  /** What calls came to, by their nodes. */
  readonly #results = new Map<number, PythonValue>();
  #nodes = 0;
  #calls = 0;
  #dynamic = false;

  constructor(source: string, state: PythonState | undefined) {
    this.#source = source;
    this.#state = state;
    this.#names = state?.names ?? new PythonNames();
  }

  walk(root: Node): void {
    this.#collectFunctions(root);
    this.#visitChildren(root, 0);
    for (const [name, node] of this.#functions) {
      if (this.#called.has(name)) continue;
      this.#bindFixtures(name, node);
      this.#visitBody(node, 0);
    }
    if (this.#dynamic) this.runs.push(...quotedCommands(this.#source));
  }

  /**
   * Parameters that a test runner fills: what a fixture of the program returns, else for a test's repository one of its
   * own, since fixtures that the program does not hold make theirs anew.
   */
  #bindFixtures(name: string, node: Node): void {
    for (const parameter of node.childForFieldName('parameters')?.namedChildren ?? []) {
      if (parameter.type !== 'identifier') continue;
      const fixture = this.#functions.get(parameter.text);
      if (fixture !== undefined && fixture !== node) {
        this.#called.add(parameter.text);
        this.#names.set(parameter.text, this.#enter(fixture, { positional: [], named: new Map() }, 0));
      } else if (/^tmp_?(?:path|dir)$/.test(parameter.text)) this.#names.set(parameter.text, textValue(`/tmp/fixture-${parameter.text}`));
      else if (name.startsWith('test') && /repo|git/i.test(parameter.text)) {
        const place = `${dynamicText}/${parameter.text}`;
        this.runs.push({ kind: 'argv', argv: ['git', 'init', place], text: parameter.text, via: 'python' });
        this.#names.set(parameter.text, { kind: 'name', path: parameter.text, place });
      }
    }
  }

  #collectFunctions(root: Node): void {
    for (const node of root.descendantsOfType('function_definition')) {
      const name = node.childForFieldName('name')?.text;
      if (name === undefined) continue;
      this.#functions.set(name, node);
      this.#state?.defined(name, node.text);
    }
  }

  #visitChildren(node: Node, depth: number): void {
    for (const child of node.namedChildren) this.#visit(child, depth + 1);
  }

  #visit(node: Node, depth: number): void {
    this.#nodes += 1;
    if (this.#nodes > mostNodes || depth > deepestNesting) {
      this.whole = false;
      return;
    }
    switch (node.type) {
      case 'function_definition':
      case 'comment':
        return;
      case 'import_statement':
      case 'import_from_statement':
        return this.#names.import(node);
      case 'assignment':
      case 'augmented_assignment':
      case 'named_expression':
        return this.#assign(node, depth);
      case 'for_statement':
      case 'for_in_clause':
        return this.#iterate(node, depth);
      case 'list_comprehension':
      case 'generator_expression':
      case 'set_comprehension':
      case 'dictionary_comprehension': {
        const clause = node.namedChildren.find((child) => child.type === 'for_in_clause');
        return clause === undefined ? this.#visitChildren(node, depth) : this.#iterate(clause, depth, node.childForFieldName('body'));
      }
      case 'with_item':
      case 'as_pattern':
        return this.#bindAlias(node, depth);
      case 'call':
      case 'attribute':
      case 'subscript':
      case 'binary_operator':
      case 'string':
      case 'concatenated_string':
        this.#value(node, depth);
        return;
      default:
        this.#visitChildren(node, depth);
    }
  }

  #visitBody(node: Node, depth: number): void {
    const body = node.childForFieldName('body');
    if (body !== null) this.#visitChildren(body, depth);
  }

  #assign(node: Node, depth: number): void {
    const left = node.childForFieldName('left') ?? node.childForFieldName('name');
    const right = node.childForFieldName('right') ?? node.childForFieldName('value');
    if (left === null || right === null) return;
    const value = this.#value(right, depth + 1);
    if (left.type === 'pattern_list' || left.type === 'tuple_pattern') {
      for (const [index, target] of left.namedChildren.entries())
        this.#names.set(target.text, value.kind === 'list' ? (value.items[index] ?? unknownValue) : unknownValue);
      return;
    }
    const before = this.#names.get(left.text);
    const appended = node.type === 'augmented_assignment' && node.childForFieldName('operator')?.text === '+=' && before !== undefined;
    this.#names.set(left.text, appended ? operated('+', before, value) : value);
  }

  #iterate(node: Node, depth: number, comprehensionBody: Node | null = null): void {
    const left = node.childForFieldName('left')?.text ?? '';
    const right = node.childForFieldName('right');
    const body = comprehensionBody ?? node.childForFieldName('body');
    const over = right === null ? unknownValue : this.#value(right, depth + 1);
    this.#listed(over, node);
    if (body === null) return;
    for (const item of over.kind === 'list' ? over.items.slice(0, 24) : [unknownValue]) {
      this.#names.set(left, item);
      if (body === comprehensionBody) this.#visit(body, depth + 1);
      else this.#visitChildren(body, depth + 1);
    }
  }

  /** What a loop over an object of a library goes through: a repository of pygit2 gives all of its objects. */
  #listed(over: PythonValue, node: Node): void {
    if (over.kind !== 'name' || !over.path.endsWith('Repository()')) return;
    this.runs.push(
      ...placed(runsOfCall(`${over.path}.__iter__`, { positional: [], named: new Map() }, node.text.slice(0, 400)), over.place),
    );
  }

  #bindAlias(node: Node, depth: number): void {
    const [item, alias] = node.namedChildren;
    if (item === undefined) return;
    const value = this.#value(item, depth + 1);
    if (alias !== undefined) this.#names.set(alias.text, value);
  }

  #value(node: Node, depth: number): PythonValue {
    this.#nodes += 1;
    if (this.#nodes > mostNodes || depth > deepestNesting) {
      this.whole = false;
      return unknownValue;
    }
    const below = depth + 1;
    switch (node.type) {
      case 'string':
        return this.#string(node, below);
      case 'concatenated_string':
        return textValue(node.namedChildren.map((child) => asText(this.#value(child, below))).join(''));
      case 'integer':
        return { kind: 'number', number: Number(node.text.replaceAll('_', '')) };
      case 'list':
      case 'tuple':
      case 'set':
      case 'expression_list':
        return { kind: 'list', items: node.namedChildren.flatMap((child) => this.#item(child, below)) };
      case 'dictionary':
        return this.#dictionary(node, below);
      case 'identifier':
        return this.#names.valueOf(node.text);
      case 'binary_operator':
        return this.#binary(node, below);
      case 'parenthesized_expression':
      case 'await':
      case 'expression_statement':
        return this.#sole(node, below);
      case 'conditional_expression':
        for (const child of node.namedChildren.slice(1)) this.#value(child, below);
        return this.#sole(node, below);
      case 'attribute':
        return this.#attribute(node, below);
      case 'subscript':
        return this.#subscript(node, below);
      case 'call':
        return this.#call(node, below);
      case 'list_comprehension':
      case 'generator_expression':
        return this.#comprehension(node, below);
      case 'as_pattern':
        this.#bindAlias(node, below);
        return unknownValue;
      default:
        this.#visitChildren(node, below);
        return unknownValue;
    }
  }

  #dictionary(node: Node, depth: number): PythonValue {
    const entries = new Map<string, PythonValue>();
    for (const pair of node.namedChildren) {
      const key = pair.childForFieldName('key');
      const value = pair.childForFieldName('value');
      if (key !== null && value !== null) entries.set(asText(this.#value(key, depth)), this.#value(value, depth));
    }
    return { kind: 'map', entries };
  }

  #sole(node: Node, depth: number): PythonValue {
    const [only] = node.namedChildren;
    return only === undefined ? unknownValue : this.#value(only, depth);
  }

  #item(node: Node, depth: number): PythonValue[] {
    if (node.type === 'comment') return [];
    if (node.type !== 'list_splat') return [this.#value(node, depth)];
    const spread = this.#sole(node, depth);
    return spread.kind === 'list' ? spread.items : [unknownValue];
  }

  /** Left-leaning chains of `+` may have any length: they are taken apart without recursion. */
  #binary(node: Node, depth: number): PythonValue {
    const operands: [operator: string, right: Node][] = [];
    let left = node;
    while (left.type === 'binary_operator') {
      const right = left.childForFieldName('right');
      const next = left.childForFieldName('left');
      if (right === null || next === null) break;
      operands.push([left.childForFieldName('operator')?.text ?? '', right]);
      left = next;
    }
    let value = left.type === 'binary_operator' ? unknownValue : this.#value(left, depth);
    for (const [operator, right] of operands.toReversed()) value = operated(operator, value, this.#value(right, depth));
    return value;
  }

  #string(node: Node, depth: number): PythonValue {
    const start = node.namedChildren[0]?.text ?? '';
    const raw = /r/i.test(start);
    let text = '';
    for (const child of node.namedChildren) {
      if (child.type === 'string_content') text += raw ? child.text : decodeAnsi(child.text.replaceAll('\\\n', ''));
      else if (child.type === 'interpolation') {
        const expression = child.childForFieldName('expression');
        text += expression === null ? '' : asText(this.#value(expression, depth));
      }
    }
    return textValue(text);
  }

  #attribute(node: Node, depth: number): PythonValue {
    const object = node.childForFieldName('object');
    const attribute = node.childForFieldName('attribute')?.text ?? '';
    if (object === null) return unknownValue;
    const dotted = this.#names.get(node.text);
    if (dotted !== undefined) return dotted;
    const base = this.#value(object, depth);
    if (attribute === 'name' && base.kind === 'text' && base.text.startsWith('/tmp/python-')) return base;
    const path = base.kind === 'name' ? `${base.path}.${attribute}` : `?.${attribute}`;
    const place = base.kind === 'name' ? base.place : undefined;
    this.runs.push(...placed(runsOfAttribute(path, node.text), place));
    return { kind: 'name', path, place };
  }

  #subscript(node: Node, depth: number): PythonValue {
    const target = node.childForFieldName('value');
    const index = node.childForFieldName('subscript');
    if (target === null || index === null) return unknownValue;
    const value = this.#value(target, depth);
    if (index.type === 'slice') {
      const reversed = /^\s*:\s*:\s*-1\s*$/.test(index.text);
      if (!reversed) return unknownValue;
      if (value.kind === 'text') return textValue([...value.text].toReversed().join(''));
      return value.kind === 'list' ? { kind: 'list', items: value.items.toReversed() } : unknownValue;
    }
    const key = this.#value(index, depth);
    if (value.kind === 'map') return value.entries.get(asText(key)) ?? unknownValue;
    if (value.kind === 'list' && key.kind === 'number') return value.items.at(key.number) ?? unknownValue;
    if (value.kind === 'name') {
      const found = runsOfCall(`${value.path}.__getitem__`, { positional: [key], named: new Map() }, node.text);
      this.runs.push(...placed(found, value.place));
      return { kind: 'name', path: `${value.path}[]`, place: value.place };
    }
    return unknownValue;
  }

  #comprehension(node: Node, depth: number): PythonValue {
    const clause = node.namedChildren.find((child) => child.type === 'for_in_clause');
    const body = node.childForFieldName('body');
    const right = clause?.childForFieldName('right');
    const left = clause?.childForFieldName('left')?.text ?? '';
    if (body === null || right === null || right === undefined) return unknownValue;
    const over = this.#value(right, depth);
    this.#listed(over, node);
    if (over.kind !== 'list') {
      this.#value(body, depth);
      return unknownValue;
    }
    const items = over.items.slice(0, 256).map((item) => {
      this.#names.set(left, item);
      return this.#value(body, depth);
    });
    return { kind: 'list', items };
  }

  #call(node: Node, depth: number): PythonValue {
    const callee = node.childForFieldName('function');
    if (callee === null) return unknownValue;
    const args = this.#arguments(node.childForFieldName('arguments'), depth);
    if (callee.type === 'attribute') {
      const object = callee.childForFieldName('object');
      const method = callee.childForFieldName('attribute')?.text ?? '';
      const target = object === null ? unknownValue : this.#value(object, depth);
      if (target.kind === 'list' && object !== null && (method === 'append' || method === 'extend')) {
        const [added] = args.positional;
        const items = added === undefined ? [] : method === 'extend' && added.kind === 'list' ? added.items : [added];
        this.#names.set(object.text, { kind: 'list', items: [...target.items, ...items].slice(0, 1000) });
        return unknownValue;
      }
      const made = methodValue(target, method, args.positional);
      if (made !== undefined) return made;
      if (target.kind === 'text' && /^(?:read_text|read_bytes|open)$/.test(method)) {
        this.runs.push({ kind: 'argv', argv: ['cat', target.text], text: node.text.slice(0, 400), via: 'python' });
        return unknownValue;
      }
      if (target.kind === 'text' && method === 'write_text') {
        const [content] = args.positional;
        if (content?.kind === 'text')
          this.runs.push({ kind: 'write', path: target.text, content: content.text, text: node.text.slice(0, 400) });
        return unknownValue;
      }
    }
    const target = this.#value(callee, depth);
    const value = target.kind === 'name' ? this.#callNamed(target, args, node, depth) : unknownValue;
    this.#results.set(node.id, value);
    return value;
  }

  #callNamed({ path, place }: { path: string; place?: string | undefined }, args: CallArguments, node: Node, depth: number): PythonValue {
    if (/^tempfile\.(?:mkdtemp|TemporaryDirectory|mktemp)$/.test(path)) return textValue(`/tmp/python-${node.startIndex}`);
    const made = functionValue(path, args.positional);
    if (made !== undefined) return made;
    const [first, second] = args.positional;
    if ((path === '__import__' || path === 'importlib.import_module' || path === 'import_module') && first?.kind === 'text')
      return { kind: 'name', path: first.text };
    if (path === 'getattr' && first?.kind === 'name' && second?.kind === 'text')
      return { kind: 'name', path: `${first.path}.${second.text}` };
    const own = this.#functions.get(path.slice(path.lastIndexOf('.') + 1));
    if (own !== undefined && !/^(?:subprocess|os|git|requests|urllib)\./.test(path)) {
      this.#called.add(path.slice(path.lastIndexOf('.') + 1));
      if (this.#calls < deepestCall) return this.#enter(own, args, depth);
    }
    const opened = repositoryOpened(path, args);
    // What is opened is acted on from then on; what opens it names it by itself.
    const found = placed(runsOfCall(path, args, node.text.slice(0, 400)), /porcelain\.\w+$/.test(path) ? opened : place);
    this.runs.push(...found);
    if (found.length === 0 && /^(?:subprocess|os\.(?:system|popen|exec|spawn))/.test(path)) this.#dynamic = true;
    if (path.endsWith('Path')) return textValue(args.positional.map(asText).join('/'));
    return { kind: 'name', path: `${path.slice(0, 300)}()`, place: opened ?? place };
  }

  /** A call of a function of the program itself: its body with the parameters bound. */
  #enter(node: Node, args: CallArguments, depth: number): PythonValue {
    const parameters = node.childForFieldName('parameters')?.namedChildren ?? [];
    const names = parameters.map(
      (parameter) => parameter.childForFieldName('name')?.text ?? parameter.text.replace(/[:=].*/s, '').replace(/^\*+/, ''),
    );
    const shift = names[0] === 'self' || names[0] === 'cls' ? 1 : 0;
    const spreads = parameters.slice(shift).findIndex(({ type }) => type === 'list_splat_pattern');
    for (const [index, name] of names.slice(shift).entries()) {
      const spread = parameters[index + shift]?.type === 'list_splat_pattern';
      const fallback = parameters[index + shift]?.childForFieldName('value');
      const given = spread
        ? { kind: 'list' as const, items: args.positional.slice(index) }
        : (args.named.get(name) ?? (spreads !== -1 && index > spreads ? undefined : args.positional[index]));
      this.#names.set(name, given ?? (fallback === null || fallback === undefined ? unknownValue : this.#value(fallback, depth)));
    }
    this.#calls += 1;
    this.#visitBody(node, depth);
    this.#calls -= 1;
    const returned = (node.descendantsOfType('return_statement')[0] ?? node.descendantsOfType('yield')[0])?.namedChildren[0];
    if (returned === undefined) return unknownValue;
    // A call was followed with the body, and would run a second time.
    return returned.type === 'call' ? (this.#results.get(returned.id) ?? unknownValue) : this.#value(returned, depth);
  }

  #arguments(node: Node | null, depth: number): CallArguments {
    const args: CallArguments = { positional: [], named: new Map() };
    for (const child of node?.type === 'generator_expression' ? [node] : (node?.namedChildren ?? [])) {
      if (child.type === 'keyword_argument') {
        const value = child.childForFieldName('value');
        const name = child.childForFieldName('name')?.text ?? '';
        if (value !== null) args.named.set(name, value.type === 'true' ? { kind: 'name', path: 'True' } : this.#value(value, depth));
      } else if (child.type !== 'dictionary_splat') {
        args.positional.push(...this.#item(child, depth));
      }
    }
    return args;
  }
}
