import { type AskKubernetes, type KubernetesSettings, read } from './ask-kubernetes.ts';
import { podSelector } from './job-object.ts';
import { PodList } from './objects.ts';

/** What the first pod of an object wrote, as the cluster keeps it: from byte `offset` on, at most `maxBytes`. Empty where it keeps none. */
export async function podOutput(
  ask: AskKubernetes,
  { kind, namespace }: KubernetesSettings,
  name: string,
  offset: number,
  maxBytes: number,
): Promise<{ text: string; next: number }> {
  const pods = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const listed = await ask('GET', `${pods}?labelSelector=${encodeURIComponent(podSelector(kind, name))}`);
  const pod = listed.code === 403 ? undefined : read(listed, `list the pods of ${name}`, PodList)?.items[0];
  if (pod === undefined) return { text: '', next: offset };
  const answer = await ask('GET', `${pods}/${encodeURIComponent(pod.metadata.name)}/log?container=node&limitBytes=${offset + maxBytes}`);
  // A container that did not start has no log.
  if (answer.code !== 200) return { text: '', next: offset };
  const piece = Buffer.from(answer.text).subarray(offset, offset + maxBytes);
  return { text: piece.toString('utf8'), next: offset + piece.length };
}
