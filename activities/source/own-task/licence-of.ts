import { parseLicence } from '../../licences/licence-expression.ts';
import { licenceIdentifier, statesNoLicence } from '../../licences/licence-names.ts';
import type { Tree } from './tree.ts';

/** Sentences that only the text of one licence has, white space made single; the first match counts. */
const texts: [string, RegExp][] = [
  ['Apache-2.0', /Apache License,? Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,? (?:Version|v\.) ?2\.0/i],
  ['AGPL-3.0', /GNU AFFERO GENERAL PUBLIC LICENSE Version 3/i],
  ['LGPL-3.0', /GNU LESSER GENERAL PUBLIC LICENSE Version 3/i],
  ['LGPL-2.1', /GNU LESSER GENERAL PUBLIC LICENSE Version 2\.1/i],
  ['GPL-3.0', /GNU GENERAL PUBLIC LICENSE Version 3/i],
  ['GPL-2.0', /GNU GENERAL PUBLIC LICENSE Version 2/i],
  ['BSL-1.0', /Boost Software License - Version 1\.0/i],
  ['Unlicense', /free and unencumbered software released into the public domain/i],
  ['CC0-1.0', /CC0 1\.0 Universal/i],
  ['Zlib', /This software is provided ['‘`]as-is['’`], without any express or implied warranty/i],
  ['BSD-3-Clause', /Redistributions of source code must retain.*Neither the names? of/i],
  ['BSD-2-Clause', /Redistributions of source code must retain/i],
  [
    'ISC',
    /Permission to use, copy, modify, and\/or distribute this software|Permission to use, copy, modify, and distribute this software for any purpose with or without fee/i,
  ],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining a copy/i],
];

/** The licence in SPDX's words: as the package files state it, else as the text of the licence files reads. */
export async function licenceOf(tree: Tree, stated: string | undefined): Promise<string | undefined> {
  if (stated !== undefined && !statesNoLicence(stated)) {
    const name = licenceIdentifier(stated);
    if (name !== undefined) return name;
    const expression = parseLicence(stated);
    // A name in free words, such as Python's bare "BSD License", is no expression.
    if (expression !== null && /^[\w.+() /-]+$/.test(stated) && /\b(?:or|and|with)\b|\//i.test(stated))
      return stated.replaceAll(/\s*\/\s*/g, ' OR ');
  }
  const files = [...tree.paths].filter((path) => /^(?:LICEN[CS]ES?|COPYING|UNLICENSE)(?:[.-][^/]*)?$/i.test(path)).sort();
  const found = new Set<string>();
  for (const file of files) {
    const name = licenceOfText((await tree.read(file)) ?? '');
    if (name !== undefined) found.add(name);
  }
  // A licence for each taste, as Rust's packages have them: which of them may be chosen is for a person to say.
  return found.size === 1 ? [...found][0] : undefined;
}

/** The SPDX name of the licence whose text this is; undefined for one that is not known. */
function licenceOfText(text: string): string | undefined {
  const plain = text.replaceAll(/\s+/g, ' ');
  return texts.find(([, sentence]) => sentence.test(plain))?.[0];
}
