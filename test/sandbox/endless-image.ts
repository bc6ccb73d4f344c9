import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const layer = digest('a layer that never ends');
const bytes = 1_000_000;
const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [layer] } });
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: manifestType,
  config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.length, digest: digest(config) },
  layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: bytes, digest: layer }],
});

/** What a registry says about an image of one layer, all but the layer. */
export const endless = {
  layer,
  bytes,
  answer(url: string, response: ServerResponse): ServerResponse {
    if (url.includes('/manifests/'))
      return response
        .writeHead(200, { 'content-type': manifestType, 'content-length': manifest.length, 'docker-content-digest': digest(manifest) })
        .end(manifest);
    return response.end(url.endsWith(digest(config)) ? config : '{}');
  },
};
