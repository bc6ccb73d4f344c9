import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { Problem } from '../../schemas/problem.ts';
import { importArchive } from './toolchain-image.ts';

export interface MinimalImage {
  image: string;
  /** An image with busybox (static) and git to take them from. */
  from: string;
  label: { key: string; value: string };
}

/** Collects git with the libraries it loads and busybox with its applets, and writes them as a tar to standard output. */
const collect = `set -e
  mkdir -p /m/bin /m/usr/bin /m/etc /m/tmp /m/root /m/proc /m/sys /m/dev /m/usr/lib/git-core /m/usr/share/git-core
  cp /bin/busybox /m/bin/busybox
  for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -s /bin/busybox "/m/bin/$applet"; done
  cp /usr/bin/git /m/usr/bin/git
  ln -s /usr/bin/git /m/usr/lib/git-core/git
  cp -r /usr/share/git-core/templates /m/usr/share/git-core/
  ldd /usr/bin/git | grep -o '/[^ ]*' | while read -r library; do mkdir -p "/m$(dirname "$library")"; cp -L "$library" "/m$library"; done
  echo 'root:x:0:0:root:/root:/bin/sh' > /m/etc/passwd
  echo 'root:x:0:' > /m/etc/group
  chmod 1777 /m/tmp
  tar -C /m -c .`;

/** Makes the image for tests of what needs no more than a POSIX shell and git. Throws `Problem` image_unavailable. */
export async function importMinimal(docker: Docker, { image, from, label }: MinimalImage): Promise<void> {
  const tar = new PassThrough();
  const errors = new PassThrough();
  const told: Buffer[] = [];
  errors.on('data', (chunk: Buffer) => told.push(chunk));
  const options = { Tty: false, HostConfig: { AutoRemove: true, NetworkMode: 'none' } };
  const collected = docker.run(from, ['sh', '-c', collect], [tar, errors], options).finally(() => tar.end());
  const changes = [`LABEL ${label.key}=${label.value}`, 'ENV PATH=/usr/bin:/bin', 'CMD ["sh"]'];
  const [ran, imported] = await Promise.allSettled([collected, importArchive(docker, tar, image, changes)]);
  if (ran.status === 'fulfilled' && imported.status === 'fulfilled' && told.length === 0) return;
  throw new Problem('image_unavailable', `image ${image} could not be made from ${from}: ${Buffer.concat(told).toString().trim()}`, {
    cause: ran.status === 'rejected' ? ran.reason : undefined,
    hint: `remove ${from} from the engine, so that it is made anew`,
  });
}
