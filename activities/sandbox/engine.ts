import Docker from 'dockerode';

/**
 * The container engine that `DOCKER_HOST` names, else the one on the default socket. Opens no connection by
 * itself: an engine that is not there shows on the first request (see engine-error.ts).
 */
export function connectEngine(): Docker {
  return new Docker();
}
