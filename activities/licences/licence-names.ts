import { nameTable } from '../../schemas/name-table.ts';

/** SPDX identifiers that sources are seen to use; one that is not here counts as unknown, never as allowed. */
const identifiers = `
  MIT MIT-0 Apache-1.1 Apache-2.0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause 0BSD BSD-2-Clause-Patent ISC Zlib
  BSL-1.0 Unlicense CC0-1.0 WTFPL NCSA PostgreSQL X11 curl HPND UPL-1.0 BlueOak-1.0.0 Artistic-2.0 Python-2.0 PSF-2.0 PHP-3.01 Ruby
  Vim OpenSSL libpng-2.0 MulanPSL-2.0 AFL-3.0 ECL-2.0 MS-PL MS-RL OFL-1.1 MPL-1.1 MPL-2.0 EPL-1.0 EPL-2.0 CDDL-1.0 CDDL-1.1 EUPL-1.1
  EUPL-1.2 OSL-3.0 CPL-1.0 LPPL-1.3c QPL-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 BUSL-1.1
  SSPL-1.0 Elastic-2.0 JSON
`
  .trim()
  .split(/\s+/);

/** Each with its two forms `-only` and `-or-later`. */
const gnuIdentifiers = 'GPL-1.0 GPL-2.0 GPL-3.0 LGPL-2.0 LGPL-2.1 LGPL-3.0 AGPL-1.0 AGPL-3.0'.split(' ');

/** Other spellings of the same licences, lower case, single spaces. A bare `BSD` is left out on purpose: it names no text. */
const aliases: Record<string, string[]> = nameTable({
  MIT: [
    'mit license',
    'the mit license',
    'mit licence',
    'mit/expat',
    'expat',
    'expat license',
    'the mit license (mit)',
    'mit license (mit)',
    'mit-license',
  ],
  'Apache-2.0': [
    'apache license 2.0',
    'apache license, version 2.0',
    'apache license version 2.0',
    'the apache license, version 2.0',
    'apache software license 2.0',
    'apache software license, version 2.0',
    'apache 2.0',
    'apache 2',
    'apache-2',
    'apache2',
    'apache2.0',
    'apachev2',
    'apache v2',
    'apache-v2',
    'apache-2.0 license',
    'asl 2.0',
    'asl-2.0',
    'al2',
  ],
  'BSD-2-Clause': [
    'bsd 2-clause',
    'bsd 2 clause',
    'bsd-2',
    'bsd2',
    '2-clause bsd',
    'simplified bsd',
    'bsd 2-clause "simplified" license',
    'bsd 2-clause license',
    'freebsd',
    'bsd-2-clause-freebsd',
  ],
  'BSD-3-Clause': [
    'bsd 3-clause',
    'bsd 3 clause',
    'bsd-3',
    'bsd3',
    '3-clause bsd',
    'new bsd',
    'new bsd license',
    'modified bsd',
    'revised bsd',
    'bsd 3-clause "new" or "revised" license',
    'bsd 3-clause license',
    'bsd-new',
  ],
  ISC: ['isc license'],
  Unlicense: ['the unlicense', 'unlicense license'],
  'CC0-1.0': ['cc0', 'creative commons zero v1.0 universal'],
  'BSL-1.0': ['boost', 'boost software license 1.0', 'boost-1.0'],
  'MPL-2.0': ['mozilla public license 2.0', 'mpl2', 'mpl 2.0'],
  'GPL-2.0': ['gpl2', 'gplv2', 'gpl v2', 'gpl-2', 'gnu general public license v2.0'],
  'GPL-3.0': ['gpl3', 'gplv3', 'gpl v3', 'gpl-3', 'gnu general public license v3.0'],
  'LGPL-2.1': ['lgplv2.1', 'lgpl 2.1', 'gnu lesser general public license v2.1'],
  'LGPL-3.0': ['lgplv3', 'lgpl-3', 'gnu lesser general public license v3.0'],
  'AGPL-3.0': ['agplv3', 'agpl-3', 'gnu affero general public license v3.0'],
});

const byName = new Map<string, string>([
  ...[...identifiers, ...gnuIdentifiers.flatMap((id) => [id, `${id}-only`, `${id}-or-later`])].map((id) => [id.toLowerCase(), id] as const),
  ...Object.entries(aliases).flatMap(([id, names]) => names.map((name) => [name, id] as const)),
]);

/** The SPDX identifier that a name stands for, in SPDX's own spelling; undefined for one that is not known. */
export function licenceIdentifier(name: string): string | undefined {
  return (
    byName.get(name.trim().toLowerCase().replaceAll(/\s+/g, ' ').replace(/\+$/, '-or-later')) ??
    byName.get(name.trim().toLowerCase().replace(/\+$/, ''))
  );
}

/** What sources write where they found no licence. */
export function statesNoLicence(name: string): boolean {
  return [
    '',
    'noassertion',
    'none',
    'other',
    'unknown',
    'null',
    'n/a',
    'no license',
    'see license in license',
    'unlicensed',
    'proprietary',
  ].includes(name.trim().toLowerCase());
}
