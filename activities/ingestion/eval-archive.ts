import { messageOf } from '../../schemas/problem.ts';
import type { ByteSource } from '../tables/byte-source.ts';
import { type ZipEntry, zipEntries } from '../tables/zip-entries.ts';
import { readJsonDocument } from './json-document.ts';
import { fieldsOf } from './loose-values.ts';

/** One sample of an archive that Inspect wrote, as a log of this sample alone; or why it cannot be read. */
export type SampleReading = { ok: true; name: string; value: unknown } | { ok: false; problem: string };

/** Each event of a model repeats the whole conversation before it. */
const repeated = ['events.*.input', 'events.*.call', 'events.*.tools'];

/** The samples of a `.eval` archive in the order of their names, read one at a time; null for another archive. */
export async function samplesOf(source: ByteSource): Promise<AsyncGenerator<SampleReading> | null> {
  const entries = await zipEntries(source);
  const head = entries.find(({ name }) => name === 'header.json') ?? entries.find(({ name }) => name === '_journal/start.json');
  return head === undefined ? null : readSamples(head, entries);
}

async function* readSamples(head: ZipEntry, entries: ZipEntry[]): AsyncGenerator<SampleReading> {
  const log = fieldsOf(await documentOf(head));
  const samples = entries.filter(({ name }) => /^samples\/.+\.json$/.test(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of samples) {
    try {
      yield { ok: true, name: entry.name, value: { ...log, samples: [await documentOf(entry)] } };
    } catch (error) {
      yield { ok: false, problem: `${entry.name}: ${messageOf(error)}` };
    }
  }
  if (samples.length === 0) yield { ok: false, problem: 'an archive of Inspect without samples: the run may have ended before its first' };
}

async function documentOf(entry: ZipEntry): Promise<unknown> {
  const bytes = await entry.read();
  const chunks = async function* () {
    yield bytes;
  };
  const { value, cut } = await readJsonDocument(chunks(), repeated);
  if (cut) throw new Error('its JSON is cut');
  return value;
}
