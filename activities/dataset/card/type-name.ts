/** A column's type as its name in Arrow's words says it. */
export type TypeShape =
  | { kind: 'leaf'; name: string }
  | { kind: 'struct'; fields: { name: string; type: TypeShape }[] }
  | { kind: 'list'; item: TypeShape };

/** Reads `struct<a: string, b: list<int32>>` and the like. Throws an Error for what it is not made of. */
export function readType(text: string): TypeShape {
  const state = { text, at: 0 };
  const shape = readShape(state);
  if (state.at !== text.length) throw new Error(`the type ${text} ends early, at ${state.at}`);
  return shape;
}

interface Reading {
  text: string;
  at: number;
}

function readShape(state: Reading): TypeShape {
  const name = /^\w+/.exec(state.text.slice(state.at))?.[0] ?? '';
  state.at += name.length;
  if (name === 'list') {
    expect(state, '<');
    const item = readShape(state);
    expect(state, '>');
    return { kind: 'list', item };
  }
  if (name === 'struct') {
    expect(state, '<');
    const fields: { name: string; type: TypeShape }[] = [];
    do fields.push(readField(state));
    while (skip(state, ', '));
    expect(state, '>');
    return { kind: 'struct', fields };
  }
  if (name === '') throw new Error(`no type at ${state.at} of ${state.text}`);
  return { kind: 'leaf', name };
}

function readField(state: Reading): { name: string; type: TypeShape } {
  const name = /^[^:<>,]+/.exec(state.text.slice(state.at))?.[0] ?? '';
  state.at += name.length;
  expect(state, ': ');
  return { name, type: readShape(state) };
}

function skip(state: Reading, mark: string): boolean {
  if (!state.text.startsWith(mark, state.at)) return false;
  state.at += mark.length;
  return true;
}

function expect(state: Reading, mark: string): void {
  if (!skip(state, mark)) throw new Error(`no ${mark} at ${state.at} of ${state.text}`);
}
