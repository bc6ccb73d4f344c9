import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type Docker from 'dockerode';
import { execScript } from '../../activities/sandbox/exec-script.ts';
import { quote } from '../../activities/sandbox/quote.ts';
import { readShard } from '../../activities/dataset/read-shard.ts';

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

/** Where in a running container the text is: its configuration, its processes, files changed within the last hour. */
export async function placesInContainer(text: string, container: Docker.Container): Promise<string[]> {
  const inspected = JSON.stringify(await container.inspect());
  const script = `needle=${quote(text)}
for process in /proc/[0-9]*; do
  [ "$process" = "/proc/$$" ] && continue
  cat $process/environ $process/cmdline 2>/dev/null | grep -qaF -- "$needle" && echo "$process"
done
find / -xdev -type f -mmin -60 ! -path '/proc/*' ! -path '/sys/*' -exec grep -lF -- "$needle" {} + 2>/dev/null
:`;
  const { stdout } = await execScript({ container, script, shell: 'sh', timeoutMs: 60_000, maxBytes: 65_536, what: container.id });
  const places = stdout.toString('utf8').split('\n').filter((line) => line !== '');
  return inspected.includes(text) ? ['configuration', ...places] : places;
}
