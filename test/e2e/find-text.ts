import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Container } from '../../activities/engine/engine.ts';
import { execScript } from '../../activities/sandbox/exec-script.ts';
import { readShard } from '../../activities/dataset/shards/read-shard.ts';
import { dockerInspection } from '../engine/engines.ts';

/** Files below a folder that hold the text, plainly or in base64: compressed artifacts unpacked, Parquet read as rows. */
export async function filesWith(text: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const contents = await contentsOf(path);
    if (spellings(text).some((spelling) => contents.some((content) => content.includes(spelling)))) found.push(relative(folder, path));
  }
  return found.sort();
}

async function contentsOf(path: string): Promise<Buffer[]> {
  const bytes = readFileSync(path);
  if (path.endsWith('.zst')) return [zstdDecompressSync(bytes)];
  if (!path.endsWith('.parquet')) return [bytes];
  const rows: Buffer[] = [bytes];
  for await (const row of readShard(path)) rows.push(Buffer.from(JSON.stringify(row)));
  return rows;
}

/** A text as it stands, and as it looks within longer texts in base64, whatever it is aligned to. */
function spellings(text: string): Buffer[] {
  const encoded = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    return whole.slice(shift === 0 ? 0 : 4, whole.length - 4);
  });
  return [text, ...encoded].map((spelling) => Buffer.from(spelling));
}

/** Names what it prints; a text to look for is not part of it, or it would find itself. */
const printAll = `show() { for path; do printf '\\n== %s\\n' "$path"; cat "$path" 2>/dev/null; done; }
show /proc/[0-9]*/environ /proc/[0-9]*/cmdline
find / -xdev -type f -mmin -60 ! -path '/proc/*' ! -path '/sys/*' -size -2048k 2>/dev/null | while IFS= read -r path; do show "$path"; done`;

/**
 * What a running container holds, by place: its configuration, environment and command line of its processes, and
 * every file below 2 MiB that was changed within the last hour.
 */
export async function contentsOfContainer(container: Container): Promise<Map<string, string>> {
  const script = { script: printAll, shell: 'sh', timeoutMs: 60_000, maxBytes: 256 * 1024 ** 2, what: container.id } as const;
  const { stdout } = await execScript({ container, ...script });
  const sections = stdout.toString('latin1').split('\n== ').slice(1);
  const named = sections.map((section) => {
    const end = section.indexOf('\n');
    return [section.slice(0, end), section.slice(end + 1)] as const;
  });
  return new Map([['configuration', JSON.stringify(await dockerInspection(container.id))], ...named]);
}
