import { realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import type { Site } from '../../../schemas/site.ts';
import type { TranscriptHead } from '../../../schemas/transcript.ts';

/** Changes what a site and its runs say of files, so that it names no folder of the machine it was made on. */
export interface RelativeNames {
  site(site: Site): Site;
  head(head: TranscriptHead): TranscriptHead;
}

/**
 * Names below what was bundled: `/data/runs/a.jsonl:3` of a bundle of `/data/runs` is `runs/a.jsonl:3`. A file that lies
 * elsewhere, as one that a scan read, is named alone. Texts of a run are its own and stay as they are.
 */
export function relativeNames(paths: readonly string[]): RelativeNames {
  const folders = new Set(paths.filter((path) => !/^https?:/.test(path)).flatMap(foldersOf));
  const known = [...folders].sort((a, b) => b.length - a.length);
  const places = known.map((folder) => new RegExp(`(^|[\\s"'(:])${escaped(folder)}`, 'g'));
  const shorten = (text: string) => places.reduce((shorter, place) => shorter.replace(place, '$1'), text);
  const placeOf = (text: string) => {
    const shorter = shorten(text);
    return isAbsolute(shorter) ? basename(shorter) : shorter;
  };
  return {
    site: (site) => ({
      ...site,
      collections: site.collections.map((collection) => ({ ...collection, title: placeOf(collection.title) })),
      limits: site.limits.map(shorten),
    }),
    head: (head) => ({
      ...head,
      facts: head.facts.map((fact) => (fact.name === 'read from' ? { ...fact, value: placeOf(fact.value) } : fact)),
      unread: head.unread.map(shorten),
    }),
  };
}

/** Beginnings of names that are left away: the folder that what was given lies in, in all ways to write it, and those of the machine. */
function foldersOf(path: string): string[] {
  const given = dirname(path.replace(/(?<=.)\/+$/, ''));
  const whole = dirname(resolve(path));
  const machine = [process.cwd(), homedir(), tmpdir()].filter((folder) => folder !== '/');
  return [given, whole, realFolder(path), ...machine]
    .filter((folder) => folder !== '.')
    .map((folder) => (folder === '/' ? '/' : `${folder}/`));
}

function realFolder(path: string): string {
  try {
    return dirname(realpathSync(path));
  } catch {
    return dirname(resolve(path));
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
