import { type ImageUser, PreparedImage } from '../../schemas/prepared-image.ts';
import { Problem } from '../../schemas/problem.ts';
import { quote } from '../../platform/quote.ts';
import { engineProblem } from '../engine/engine-error.ts';
import type { Engine, Image } from '../engine/engine.ts';
import type { JobContainer } from './job-container.ts';
import { label } from './labels.ts';

const Record = PreparedImage.pick({ user: true });
const fileLimit = 1024 ** 2;

/**
 * The user of a clean image, by the record in its label; undefined for root, and for images that Tracemill did not derive.
 * `what` names the task or rollout. Throws `Problem` engine_unreachable or container_failed.
 */
export async function userOfImage(engine: Engine, image: string, what: string): Promise<ImageUser | undefined> {
  let found: Image | undefined;
  try {
    found = await engine.findImage(image);
  } catch (error) {
    throw engineProblem(error, what);
  }
  const text = found?.labels[label.prepared];
  return text === undefined ? undefined : Record.safeParse(JSON.parse(text)).data?.user;
}

/** Finds out, in a container of the image, who its USER is. Undefined for root. Throws `Problem` image_user_missing. */
export async function readImageUser(job: JobContainer, user: string, what: string): Promise<ImageUser | undefined> {
  if (user === '') return undefined;
  const [passwd, group] = await Promise.all(
    ['/etc/passwd', '/etc/group'].map(async (path) => (await job.readFile(path, { maxBytes: fileLimit }))?.content.toString('utf8') ?? ''),
  );
  const found = resolveUser(user, passwd ?? '', group ?? '');
  if (found === undefined) {
    throw new Problem('image_user_missing', `${what}: the image's USER is ${user}, which its /etc/passwd and /etc/group do not have`, {
      hint: 'make the user in the image, or name another with USER',
    });
  }
  return found.uid === 0 ? undefined : found;
}

/** As container engines read a USER; undefined where a name is not found. */
export function resolveUser(name: string, passwd: string, group: string): ImageUser | undefined {
  const [user = '', wanted] = name.split(':');
  const number = (text: string | undefined) => (text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined);
  const entry = (file: string, key: string) =>
    file
      .split('\n')
      .map((line) => line.split(':'))
      .find(([named, , id]) => named === key || (number(key) !== undefined && number(id) === number(key)));
  const account = user === '' ? ['root', '', '0', '0'] : entry(passwd, user);
  const uid = number(account?.[2]) ?? number(user);
  const gid = wanted === undefined || wanted === '' ? (number(account?.[3]) ?? 0) : (number(entry(group, wanted)?.[2]) ?? number(wanted));
  return uid === undefined || gid === undefined ? undefined : { name, uid, gid };
}

/**
 * Gives the work tree to the image's user, who has to change it; images often leave all or part of it to root. Runs as root
 * in the container that becomes the clean image.
 */
export async function handOver(job: JobContainer, workdir: string, { uid, gid }: ImageUser, timeoutMs: number): Promise<void> {
  const tree = quote(workdir);
  const script = `find ${tree} -xdev \\( ! -user ${uid} -o ! -group ${gid} \\) -exec chown -h ${uid}:${gid} {} + &&
find ${tree} -xdev ! -type l ! -perm -600 -exec chmod u+rwX {} + &&
find ${tree} -xdev -type d ! -perm -700 -exec chmod u+rwx {} +`;
  const { exitCode, stderr } = await job.exec(script, { timeoutMs });
  if (exitCode === 0) return;
  throw new Problem('container_failed', `${workdir} could not be given to the image's user: ${stderr.trim().slice(-300)}`, {
    hint: 'the step is tried again; if this repeats, look at the free disk space of the engine',
  });
}
