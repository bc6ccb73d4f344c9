import { licenceIdentifier } from './licence-names.ts';

/** An SPDX licence expression. A name that is not known stays as written. */
export type LicenceExpression =
  | { kind: 'licence'; name: string; known: boolean }
  | { kind: 'and' | 'or'; left: LicenceExpression; right: LicenceExpression };

/**
 * Reads an SPDX expression (`OR`, `AND`, `WITH`, brackets, in any case), also names in words and the forms
 * `MIT/Apache-2.0` and `MIT, BSD-3-Clause` of older package files, where `/` offers a choice and `,` adds a
 * licence. Null where brackets or operators do not fit.
 */
export function parseLicence(text: string): LicenceExpression | null {
  const name = licenceIdentifier(text);
  if (name !== undefined) return { kind: 'licence', name, known: true };
  const words = text
    .replaceAll(/[()]/g, ' $& ')
    .replaceAll(/\s*\/\s*|\s*\|\|?\s*/g, ' OR ')
    .replaceAll(/\s*[,;&]\s*/g, ' AND ')
    .trim()
    .split(/\s+/);
  const state = { words, at: 0 };
  const expression = readOr(state);
  return state.at === words.length ? expression : null;
}

interface Reading {
  words: string[];
  at: number;
}

function readOr(state: Reading): LicenceExpression | null {
  return readChain(state, 'or', readAnd);
}

function readAnd(state: Reading): LicenceExpression | null {
  return readChain(state, 'and', readOne);
}

function readChain(state: Reading, kind: 'and' | 'or', readPart: (state: Reading) => LicenceExpression | null): LicenceExpression | null {
  let left = readPart(state);
  while (left !== null && state.words[state.at]?.toLowerCase() === kind) {
    state.at += 1;
    const right = readPart(state);
    left = right === null ? null : { kind, left, right };
  }
  return left;
}

function readOne(state: Reading): LicenceExpression | null {
  if (state.words[state.at] === '(') {
    state.at += 1;
    const inner = readOr(state);
    if (state.words[state.at] !== ')') return null;
    state.at += 1;
    return inner;
  }
  const start = state.at;
  while (state.at < state.words.length && !/^(and|or|with|\(|\))$/i.test(state.words[state.at] ?? '')) state.at += 1;
  const written = state.words.slice(start, state.at).join(' ');
  if (written === '') return null;
  // An exception only ever adds a permission.
  if (/^with$/i.test(state.words[state.at] ?? '')) state.at += 2;
  const name = licenceIdentifier(written);
  return { kind: 'licence', name: name ?? written, known: name !== undefined };
}
