import type { ReleaseManifest } from '../../../schemas/release.ts';
import { readType, type TypeShape } from './type-name.ts';

/** What hubs read of a card: name, licence, size, and for their viewers which files make which split and what columns hold. */
export function frontMatter(
  release: Pick<ReleaseManifest, 'campaign' | 'version' | 'rows' | 'shards' | 'columns'>,
  licences: readonly string[],
): string {
  const { campaign, version, rows, shards, columns } = release;
  const splits = [...new Set(shards.map(({ split }) => split))].sort();
  const config = JSON.stringify(version);
  return [
    '---',
    `pretty_name: ${JSON.stringify(`${campaign} ${version}`)}`,
    ...licenceLines(licences),
    'task_categories:',
    '- text-generation',
    'tags:',
    '- code',
    '- agent',
    '- software-engineering',
    'size_categories:',
    `- ${sizeCategory(rows)}`,
    ...(splits.length === 0 ? [] : ['configs:', `- config_name: ${config}`, '  default: true', '  data_files:']),
    ...splits.flatMap((split) => [`  - split: ${splitName(split)}`, `    path: data/${split}/**/*.parquet`]),
    ...(splits.length === 0 || columns.length === 0
      ? []
      : [
          'dataset_info:',
          `- config_name: ${config}`,
          '  features:',
          ...columns.flatMap(({ name, type }) => featureLines(name, readType(type), '  ')),
          '  splits:',
          ...splits.flatMap((split) => splitLines(split, shards)),
        ]),
    '---',
  ].join('\n');
}

/** Names of splits have no hyphens. */
function splitName(split: string): string {
  return split.replaceAll('-', '_');
}

function splitLines(split: string, shards: ReleaseManifest['shards']): string[] {
  const own = shards.filter((shard) => shard.split === split);
  const sum = (of: (shard: (typeof own)[number]) => number) => own.reduce((total, shard) => total + of(shard), 0);
  return [
    `  - name: ${splitName(split)}`,
    `    num_bytes: ${sum(({ size_bytes }) => size_bytes)}`,
    `    num_examples: ${sum((shard) => shard.rows)}`,
  ];
}

/** Hubs know SPDX names in lower case. Rows under several licences have none together. */
function licenceLines(licences: readonly string[]): string[] {
  const [only] = licences;
  if (licences.length === 1 && only !== undefined && hubLicences.has(only.toLowerCase())) return [`license: ${only.toLowerCase()}`];
  return ['license: other', 'license_name: by-repository', 'license_link: ATTRIBUTION.md'];
}

const hubLicences = new Set(
  'mit apache-2.0 bsd-2-clause bsd-3-clause isc mpl-2.0 zlib unlicense cc0-1.0 cc-by-4.0 gpl-2.0 gpl-3.0 lgpl-2.1 lgpl-3.0 agpl-3.0 bsl-1.0 epl-2.0 ncsa postgresql wtfpl'.split(
    ' ',
  ),
);

function featureLines(name: string, type: TypeShape, indent: string): string[] {
  return [`${indent}- name: ${name}`, ...shapeLines(type, `${indent}  `)];
}

function shapeLines(type: TypeShape, indent: string): string[] {
  if (type.kind === 'leaf') return [`${indent}dtype: ${type.name}`];
  if (type.kind === 'struct') return [`${indent}struct:`, ...type.fields.flatMap((field) => featureLines(field.name, field.type, indent))];
  if (type.item.kind === 'leaf') return [`${indent}list: ${type.item.name}`];
  if (type.item.kind === 'list') return [`${indent}list:`, ...shapeLines(type.item, `${indent}  `)];
  return [`${indent}list:`, ...type.item.fields.flatMap((field) => featureLines(field.name, field.type, indent))];
}

const sizes: [below: number, name: string][] = [
  [1000, 'n<1K'],
  [10_000, '1K<n<10K'],
  [100_000, '10K<n<100K'],
  [1_000_000, '100K<n<1M'],
  [10_000_000, '1M<n<10M'],
];

function sizeCategory(rows: number): string {
  return sizes.find(([below]) => rows < below)?.[1] ?? '10M<n<100M';
}
