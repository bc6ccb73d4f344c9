import { unreachable } from '../job-problem.ts';
import { within } from '../within.ts';
import { type Answer, type AskKubernetes, type KubernetesSettings, read, saidBy } from './ask-kubernetes.ts';
import { collectionPath, podSelector } from './job-object.ts';
import { JobObject, type Pod, PodList } from './objects.ts';

/** Jobs or TrainJobs of a namespace, by their names. */
export interface KubernetesObjects {
  get(name: string): Promise<JobObject | null>;
  /** The new object, or the answer that is no success. */
  create(object: object): Promise<{ object: JobObject } | Answer>;
  /** Null when the user may not list them. */
  podsOf(name: string): Promise<Pod[] | null>;
  /** Asks for its deletion, its pods first; nothing happens when it is gone, or another one has its name. */
  remove(name: string, uid: string): Promise<void>;
  /** The same, until nothing of it is left. */
  removeWhole(name: string, uid: string, graceSeconds: number): Promise<void>;
}

/** The objects of the kind that the settings name. */
export function kubernetesObjects(settings: KubernetesSettings, ask: AskKubernetes): KubernetesObjects {
  const collection = collectionPath(settings);
  const pathOf = (name: string) => `${collection}/${encodeURIComponent(name)}`;

  async function get(name: string): Promise<JobObject | null> {
    return read(await ask('GET', pathOf(name)), `show job ${name}`, JobObject);
  }

  async function remove(name: string, uid: string): Promise<void> {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', preconditions: { uid } };
    const answer = await ask('DELETE', pathOf(name), options);
    // 409: the name belongs to another object by now.
    if ((answer.code >= 200 && answer.code <= 299) || answer.code === 404 || answer.code === 409) return;
    throw unreachable('Kubernetes', `delete job ${name}`, saidBy(answer).message);
  }

  return {
    get,
    remove,

    async create(object) {
      // Else a field that another version of Kubeflow does not know, such as the one for volumes, would be dropped in silence.
      const answer = await ask('POST', `${collection}?fieldValidation=Strict`, object);
      if (answer.code < 200 || answer.code > 299) return answer;
      const created = read(answer, 'take a job', JobObject);
      if (created === null) throw unreachable('Kubernetes', 'take a job', 'it answered nothing');
      return { object: created };
    },

    async podsOf(name) {
      const path = `/api/v1/namespaces/${encodeURIComponent(settings.namespace)}/pods`;
      const answer = await ask('GET', `${path}?labelSelector=${encodeURIComponent(podSelector(settings.kind, name))}`);
      return answer.code === 403 ? null : (read(answer, `list the pods of ${name}`, PodList)?.items ?? []);
    },

    async removeWhole(name, uid, graceSeconds) {
      const gone = async () => (await get(name))?.metadata.uid !== uid;
      if (await gone()) return;
      await remove(name, uid);
      if (await within(graceSeconds * 1000 + 120_000, gone, 250)) return;
      throw unreachable('Kubernetes', `end job ${name}`, 'it is still there after its deletion was asked for: does its node answer?');
    },
  };
}
