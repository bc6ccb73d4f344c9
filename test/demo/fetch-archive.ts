import { fetchArchives } from '../../demo/archives.ts';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import { engineOfHome } from '../../activities/sandbox/home-engine.ts';
import { toolchainImage } from '../../infra/bootstrap/images.ts';
import { home } from '../../platform/home.ts';

/** A program: fetches one Go module by name, version and sha256, and says how many bytes it has. */
const [name = '', version = '', sha256 = ''] = process.argv.slice(2);
const [bytes] = await fetchArchives([{ ecosystem: 'go', name, version, sha256 }], {
  engine: engineOfHome(dockerEngine(), home()),
  toolchain: toolchainImage,
  labels: {},
  signal: undefined,
});
process.stdout.write(`${bytes?.byteLength ?? 0}\n`);
