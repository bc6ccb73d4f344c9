import { z } from 'zod';

/** What is read of the API's objects. All of it may be missing while a controller has not seen the object yet. */
const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
export type Condition = z.infer<typeof Condition>;

/** A Job or a TrainJob. */
export const JobObject = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  status: z.object({ conditions: z.array(Condition).nullish(), active: z.int().nullish() }).nullish(),
});
export type JobObject = z.infer<typeof JobObject>;

const ContainerState = z.object({
  waiting: z.object({ reason: z.string().nullish(), message: z.string().nullish() }).nullish(),
  running: z.object({}).nullish(),
  terminated: z.object({ exitCode: z.int(), reason: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

const Pod = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ nodeName: z.string().nullish() }).nullish(),
  status: z
    .object({
      phase: z.string().nullish(),
      reason: z.string().nullish(),
      message: z.string().nullish(),
      conditions: z.array(Condition).nullish(),
      containerStatuses: z.array(z.object({ state: ContainerState.nullish() })).nullish(),
    })
    .nullish(),
});
export type Pod = z.infer<typeof Pod>;
export const PodList = z.object({ items: z.array(Pod) });

const Node = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ unschedulable: z.boolean().nullish() }).nullish(),
  status: z.object({ allocatable: z.record(z.string(), z.string()).nullish(), conditions: z.array(Condition).nullish() }).nullish(),
});
export type Node = z.infer<typeof Node>;
export const NodeList = z.object({ items: z.array(Node) });
