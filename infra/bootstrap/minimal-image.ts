import type { Engine } from '../../activities/engine/engine.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';

export interface MinimalImage {
  image: string;
  /** An image with busybox (static) and git to take them from. */
  from: string;
  label: { key: string; value: string };
}

/** Collects git with the libraries it loads and busybox with its applets in the folder /m. */
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
  chmod 1777 /m/tmp`;

/** Makes the image for tests of what needs no more than a POSIX shell and git. Throws `Problem` image_unavailable. */
export async function importMinimal(engine: Engine, { image, from, label }: MinimalImage): Promise<void> {
  try {
    const container = await engine.createContainer({ image: from, command: ['sleep', '600'], network: 'none' });
    try {
      await container.start();
      const collecting = await container.exec({ command: ['sh', '-c', collect] });
      const errors: Buffer[] = [];
      await collecting.read(
        () => undefined,
        (data) => errors.push(data),
      );
      if (errors.length > 0 || (await collecting.exitCode()) !== 0) throw new Error(Buffer.concat(errors).toString().trim());
      const changes = [`LABEL ${label.key}=${label.value}`, 'ENV PATH=/usr/bin:/bin', 'CMD ["sh"]'];
      await engine.importImage(await container.readArchive('/m/.'), { name: image, changes });
    } finally {
      await container.remove();
    }
  } catch (error) {
    throw new Problem('image_unavailable', `image ${image} could not be made from ${from}: ${messageOf(error)}`, {
      cause: error,
      hint: `remove ${from} from the engine, so that it is made again`,
    });
  }
}
