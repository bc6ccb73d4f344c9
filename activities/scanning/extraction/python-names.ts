import type { Node } from 'web-tree-sitter';
import type { PythonValue } from './python-values.ts';

/** The names of a Python program with what is known of their values. One scope for all: good enough to follow strings. */
export class PythonNames {
  readonly #values = new Map<string, PythonValue>();
  readonly #wildcards = new Set<string>();

  get size(): number {
    return this.#values.size + this.#wildcards.size;
  }

  get(name: string): PythonValue | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: PythonValue): void {
    this.#values.set(name, value);
  }

  /** The value of a name; one that nothing bound stands for itself. */
  valueOf(name: string): PythonValue {
    return this.#values.get(name) ?? { kind: 'name', path: this.#starred(name) };
  }

  /** Binds what an import statement brings. */
  import(node: Node): void {
    const module = node.childForFieldName('module_name')?.text;
    if (module !== undefined && node.namedChildren.some((child) => child.type === 'wildcard_import')) this.#wildcards.add(module);
    for (const child of node.childrenForFieldName('name')) {
      const original = child.type === 'aliased_import' ? (child.childForFieldName('name')?.text ?? '') : child.text;
      const alias = child.type === 'aliased_import' ? (child.childForFieldName('alias')?.text ?? original) : original;
      if (module !== undefined) this.set(alias, { kind: 'name', path: `${module}.${original}` });
      else if (alias !== original) this.set(alias, { kind: 'name', path: original });
    }
  }

  /** A bare name that `from module import *` may have brought. */
  #starred(name: string): string {
    if (this.#wildcards.has('subprocess') && /^(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)$/.test(name))
      return `subprocess.${name}`;
    if (this.#wildcards.has('os') && /^(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?)$/.test(name)) return `os.${name}`;
    if (this.#wildcards.has('git') && name === 'Repo') return 'git.Repo';
    return name;
  }
}
