import type { Node, Tree } from 'web-tree-sitter';
import { decodeAnsi } from './ansi-quoting.ts';
import { heredocNumber, type Heredoc } from './heredocs.ts';
import { type Assignment, type Part, type Redirect, type SimpleStatement, type Statement, type Word, textWord } from './shell-syntax.ts';

const deepestNesting = 150;
const descendantsWithCommands = ['command', 'declaration_command', 'variable_assignment', 'redirected_statement', 'function_definition'];

/** Reads a tree of the Bash grammar. `whole` is false where the tree is too deep to be followed to its end. */
export function readBashTree(
  tree: Tree,
  source: string,
  heredocs: Heredoc[],
  interpolate: (body: string) => Word,
): { statements: Statement[]; whole: boolean } {
  const reader = new TreeReader(source, heredocs, interpolate);
  const statements = reader.statements(tree.rootNode, 0);
  return { statements, whole: reader.whole };
}

class TreeReader {
  whole = true;
  readonly #source: string;
  readonly #heredocs: Heredoc[];
  readonly #interpolate: (body: string) => Word;

  constructor(source: string, heredocs: Heredoc[], interpolate: (body: string) => Word) {
    this.#source = source;
    this.#heredocs = heredocs;
    this.#interpolate = interpolate;
  }

  /** What the node runs, in the order of its text. */
  statements(node: Node, depth: number): Statement[] {
    if (depth > deepestNesting) {
      this.whole = false;
      return [];
    }
    const below = depth + 1;
    switch (node.type) {
      case 'command':
      case 'declaration_command':
      case 'unset_command':
      case 'variable_assignment':
      case 'variable_assignments':
        return [this.#simple(node, below)];
      case 'pipeline':
        return [{ kind: 'pipeline', stages: node.namedChildren.map((child) => asOne(this.statements(child, below))) }];
      case 'redirected_statement':
        return this.#redirected(node, below);
      case 'file_redirect':
      case 'herestring_redirect':
        return [{ kind: 'simple', assignments: [], words: [], redirects: this.#redirect(node, below), text: this.#textOf(node) }];
      case 'subshell':
      case 'compound_statement':
      case 'while_statement':
        return [
          {
            kind: 'group',
            body: this.#within(node, below),
            redirects: [],
            repeats: node.type === 'while_statement',
            isolated: node.type === 'subshell',
          },
        ];
      case 'for_statement':
        return [this.#loop(node, below)];
      case 'function_definition':
        return this.#function(node, below);
      case 'word':
      case 'number':
      case 'comment':
      case 'raw_string':
      case 'variable_name':
        return [];
      case 'string':
      case 'concatenation':
      case 'expansion':
      case 'command_substitution':
      case 'process_substitution':
      case 'arithmetic_expansion':
      case 'array':
        return carriers(this.#word(node, below), this.#textOf(node));
      default:
        return this.#within(node, below);
    }
  }

  #within(node: Node, depth: number): Statement[] {
    return node.namedChildren.flatMap((child) => this.statements(child, depth));
  }

  #simple(node: Node, depth: number): SimpleStatement {
    const statement: SimpleStatement = { kind: 'simple', assignments: [], words: [], redirects: [], text: this.#textOf(node) };
    if (node.type === 'variable_assignment') {
      statement.assignments.push(this.#assignment(node, depth));
      return statement;
    }
    if (node.type === 'declaration_command' || node.type === 'unset_command')
      statement.words.push(textWord(node.child(0)?.type ?? 'declare'));
    for (const child of node.namedChildren) {
      if (child.type === 'variable_assignment') statement.assignments.push(this.#assignment(child, depth));
      else if (child.type.endsWith('_redirect')) statement.redirects.push(...this.#redirect(child, depth));
      else statement.words.push(this.#word(child, depth));
    }
    return statement;
  }

  #assignment(node: Node, depth: number): Assignment {
    const target = this.#textOf(node.childForFieldName('name') ?? node);
    const value = node.childForFieldName('value');
    const append = node.child(1)?.type === '+=';
    if (value === null) return { name: target, append, value: [] };
    if (value.type === 'array') return { name: target, append, value: value.namedChildren.map((child) => this.#word(child, depth)) };
    return { name: target, append, value: this.#word(value, depth) };
  }

  #redirected(node: Node, depth: number): Statement[] {
    const body: Statement[] = [];
    const redirects: Redirect[] = [];
    for (const child of node.namedChildren) {
      if (child.type.endsWith('_redirect')) redirects.push(...this.#redirect(child, depth));
      else body.push(...this.statements(child, depth));
    }
    const last = body.at(-1);
    if (last === undefined) return [{ kind: 'simple', assignments: [], words: [], redirects, text: this.#textOf(node) }];
    if (last.kind === 'simple') {
      const text = body.length === 1 ? this.#textOf(node) : last.text;
      return [...body.slice(0, -1), { ...last, redirects: [...last.redirects, ...redirects], text }];
    }
    if (last.kind === 'group' || last.kind === 'loop')
      return [...body.slice(0, -1), { ...last, redirects: [...last.redirects, ...redirects] }];
    return [{ kind: 'group', body, redirects, repeats: false, isolated: false }];
  }

  #redirect(node: Node, depth: number): Redirect[] {
    if (node.type === 'herestring_redirect') {
      const [child] = node.namedChildren;
      return child === undefined ? [] : [{ kind: 'text', text: this.#word(child, depth) }];
    }
    const target = node.childForFieldName('destination');
    const operator = node.children.find((child) => !child.isNamed)?.type ?? '';
    if (target === null || operator === '<&' || (operator === '>&' && /^[\d-]+$/.test(this.#textOf(target)))) return [];
    // The grammar takes the words behind a redirect for more destinations.
    const heredoc = this.#heredocs[heredocNumber(this.#textOf(target)) ?? -1];
    if (heredoc !== undefined) return [{ kind: 'text', text: heredoc.expands ? this.#interpolate(heredoc.body) : textWord(heredoc.body) }];
    return [{ kind: operator === '<' ? 'read' : operator.includes('>>') ? 'append' : 'write', target: this.#word(target, depth) }];
  }

  #loop(node: Node, depth: number): Statement {
    const variable = node.childForFieldName('variable');
    const body = node.childForFieldName('body');
    return {
      kind: 'loop',
      variable: variable === null ? '' : this.#textOf(variable),
      values: node.childrenForFieldName('value').map((child) => this.#word(child, depth)),
      body: body === null ? [] : this.statements(body, depth),
      redirects: [],
    };
  }

  #function(node: Node, depth: number): Statement[] {
    const name = node.childForFieldName('name');
    const body = node.childForFieldName('body');
    if (name === null || body === null) return this.#within(node, depth);
    return [{ kind: 'function', name: this.#textOf(name), body: this.statements(body, depth) }];
  }

  #word(node: Node, depth: number): Word {
    if (depth > deepestNesting) {
      this.whole = false;
      return [{ kind: 'opaque', body: [] }];
    }
    const text = this.#textOf(node);
    switch (node.type) {
      case 'command_name':
      case 'concatenation':
        return this.#pieces(node, depth, false);
      case 'word':
        return partsOf(text);
      case 'string':
        return this.#pieces(node, depth, true);
      case 'translated_string':
        return node.namedChildren.flatMap((child) => this.#word(child, depth + 1));
      case 'raw_string':
        return textWord(text.slice(1, -1));
      case 'ansi_c_string':
        return textWord(decodeAnsi(text.slice(2, -1)));
      case 'simple_expansion':
        return [{ kind: 'variable', expression: text.slice(1), quoted: false }];
      case 'expansion':
        return [{ kind: 'variable', expression: text.slice(2, -1), quoted: false }, ...this.#inside(node, depth)];
      case 'command_substitution':
        return [{ kind: 'output', body: this.#within(node, depth + 1), quoted: false }];
      case 'process_substitution':
        return [{ kind: 'process', body: this.#within(node, depth + 1) }];
      case 'arithmetic_expansion':
      case 'array':
        return [
          { kind: 'opaque', body: node.descendantsOfType(descendantsWithCommands).flatMap((child) => this.statements(child, depth + 1)) },
        ];
      default:
        return node.namedChildCount > 0 ? this.#pieces(node, depth, false) : partsOf(text);
    }
  }

  /** The commands inside `${x:-$(…)}`; the value itself is worked out from the expression's text. */
  #inside(node: Node, depth: number): Part[] {
    const substitutions = node.descendantsOfType('command_substitution');
    if (substitutions.length === 0) return [];
    return [{ kind: 'opaque', body: substitutions.flatMap((child) => this.#within(child, depth + 1)) }];
  }

  /** Children with the text between them, which the grammar does not always make a node of. */
  #pieces(node: Node, depth: number, quoted: boolean): Word {
    const parts: Part[] = [];
    const inset = quoted ? 1 : 0;
    let at = node.startIndex + (quoted && this.#source.charAt(node.startIndex) === '"' ? 1 : 0);
    const literal = (end: number) => {
      if (end <= at) return;
      const text = this.#source.slice(at, end);
      if (quoted)
        parts.push({ kind: 'text', text: text.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === '\n' ? '' : char)), quoted });
      else parts.push(...partsOf(text));
    };
    for (const child of node.namedChildren) {
      if (child.type === 'string_content') continue;
      literal(child.startIndex);
      for (const part of this.#word(child, depth + 1)) parts.push(quoted && 'quoted' in part ? { ...part, quoted } : part);
      at = child.endIndex;
    }
    literal(node.endIndex - inset);
    if (quoted && parts.length === 0) parts.push({ kind: 'text', text: '', quoted });
    return parts;
  }

  #textOf(node: Node): string {
    return this.#source.slice(node.startIndex, node.endIndex);
  }
}

function asOne(statements: Statement[]): Statement {
  const [only] = statements;
  return statements.length === 1 && only !== undefined
    ? only
    : { kind: 'group', body: statements, redirects: [], repeats: false, isolated: false };
}

/** Words that stand where no command takes them still run the commands inside them. */
function carriers(word: Word, text: string): Statement[] {
  const runs = word.some((part) => part.kind !== 'text' && part.kind !== 'variable');
  return runs ? [{ kind: 'simple', assignments: [], words: [textWord(':'), word], redirects: [], text }] : [];
}

/** Splits an unquoted word at its backslashes: an escaped character counts as quoted. */
function partsOf(text: string): Word {
  if (!text.includes('\\')) return [{ kind: 'text', text, quoted: false }];
  return [...text.matchAll(/\\([\s\S])|[^\\]+/g)].flatMap(([piece, escaped]): Part[] =>
    escaped === undefined
      ? [{ kind: 'text', text: piece, quoted: false }]
      : escaped === '\n'
        ? []
        : [{ kind: 'text', text: escaped, quoted: true }],
  );
}
