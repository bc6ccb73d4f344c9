/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export type {
  EditDecision,
  EditRequest,
  FileState,
  OpenSandboxFn,
  RunningCommand,
  Sandbox,
  ShellAction,
  TakenPatch,
  Waiting,
} from './contract.ts';
export { closedGit } from './closed-git.ts';
export { engineOfHome, type HomeEngine } from './home-engine.ts';
export { ImageCache } from './image-cache.ts';
export { imageRemarks } from './image-remarks.ts';
export { userOfImage } from './image-user.ts';
export { defaultLimits, openJobContainer, type JobContainer, type JobOptions } from './job-container.ts';
export { label } from './labels.ts';
export { createSandboxes } from './open-sandbox.ts';
export { workdirOfDockerfile } from './own-image/dockerfile-image.ts';
export { makeTaskImage } from './own-image/task-image.ts';
export { pullImage } from './pull-image.ts';
export { reap, removeRollout } from './reaper.ts';
export { SandboxGone } from './sandbox-gone.ts';
export { plainOutput } from './shell-output.ts';
export { loadFunctions } from './shell-start.ts';
