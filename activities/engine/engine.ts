/**
 * What runs containers and keeps images. Any engine that keeps these promises will do: the local one is Docker's
 * (`docker-engine.ts`), a cluster another. An implementation is a plain object of functions. All of them throw
 * {@link EngineError} where the engine refuses or does not answer.
 */
export interface Engine {
  /** The engine's version. */
  version(): Promise<string>;
  /** Space on the disk that holds its images; undefined where that is not a disk of this machine. */
  disk(): Promise<DiskSpace | undefined>;

  /** Makes a container that does not run yet. Throws `missing` without the image, `conflict` where the name is taken. */
  createContainer(spec: ContainerSpec): Promise<Container>;
  /** The container of this id or name. Sends no request: the first one shows whether it is there. */
  container(id: string): Container;
  /** Containers, running or not, that have all of these labels, each as `key` or `key=value`. */
  listContainers(labels?: readonly string[]): Promise<ContainerSummary[]>;

  /** The image of this name or id, where the engine has it. */
  findImage(name: string): Promise<Image | undefined>;
  /** Images that have all of these labels, each as `key` or `key=value`. */
  listImages(labels?: readonly string[]): Promise<ImageSummary[]>;
  /** Gives an image one more name, with a tag. */
  tagImage(id: string, name: string): Promise<void>;
  /**
   * Takes a name from an image; the image goes with its last one. Throws `missing`, or `conflict` while a container is
   * made of it; `force` removes it even then, and with all of its names when it is named by id.
   */
  removeImage(name: string, options?: { force?: boolean }): Promise<void>;
  /** Fetches an image from its registry, with this machine's log-in for it. */
  pullImage(name: string, options: PullOptions): Promise<void>;
  /** Makes an image of a tar of its files. */
  importImage(archive: NodeJS.ReadableStream, options: { name: string; changes: readonly string[] }): Promise<void>;
  /** Makes an image by a Dockerfile, with this machine's network. Throws `refused` with what failed and the last lines of its output. */
  buildImage(context: NodeJS.ReadableStream, options: BuildOptions): Promise<void>;
}

/** In bytes. */
export interface DiskSpace {
  free: number;
  size: number;
}

/** What runs in a container, and within which bounds. */
export interface ContainerSpec {
  /** Unique in the engine; without it the engine finds one. */
  name?: string | undefined;
  /** Id or name. */
  image: string;
  /** In place of the image's own; empty for none. */
  entrypoint?: readonly string[] | undefined;
  command: readonly string[];
  workdir?: string | undefined;
  /** Whose its processes are, in the form of a Dockerfile's USER; without it root's. */
  user?: string | undefined;
  /** `NAME=value`. */
  env?: readonly string[] | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  /**
   * `none`: itself alone, under `localhost` (127.0.0.1, and ::1 where the kernel has it) and a host name that resolves, the
   * same in all. `engine`: the engine's default.
   */
  network: 'none' | 'host' | 'engine';
  /** Without it the engine's own bounds hold. */
  confinement?: Confinement | undefined;
}

/** Bounds of a container that nothing in it can lift: no swap, no core files, no kept output, no new privileges either. */
export interface Confinement {
  memoryBytes: number;
  cpus: number;
  /** Processes and threads at once. */
  pids: number;
  /** Linux capabilities that are left to root, without `CAP_`. */
  capabilities: readonly string[];
  /** A folder in memory, its owner's alone (by default root's), that is part of no image. Counts towards the memory. */
  memoryFolder: { path: string; bytes: number; files: number; owner?: { uid: number; gid: number } | undefined };
}

export interface Container {
  /** As it was asked for: an id, or a name. */
  readonly id: string;
  start(): Promise<void>;
  inspect(): Promise<ContainerState>;
  /** Sends a signal to the first process. Throws `conflict` when the container does not run. */
  signal(name: 'SIGUSR1' | 'SIGUSR2' | 'SIGKILL'): Promise<void>;
  /** Resolves with the exit code when the first process has ended. */
  wait(): Promise<number>;
  /** Removes it, running or not, with what only it uses. One that is gone, or being removed, is no error. */
  remove(): Promise<void>;
  /** Starts one more process in it, of the same user. */
  exec(request: { command: readonly string[]; env?: readonly string[] }): Promise<Exec>;
  /** A file or folder as tar. */
  readArchive(path: string): Promise<NodeJS.ReadableStream>;
  /** Unpacks a tar in a folder that is there. */
  writeArchive(archive: NodeJS.ReadableStream | Buffer, folder: string): Promise<void>;
  /** Makes an image of its files and settings; gives the image's id. `changes` are lines of a Dockerfile: CMD, ENV, LABEL, USER, WORKDIR. */
  commit(options: { name?: string | undefined; changes: readonly string[]; comment?: string | undefined }): Promise<string>;
}

interface ContainerState {
  id: string;
  running: boolean;
  paused: boolean;
  /** In the engine's words. */
  status: string;
  /** Of the first process, once it has ended. */
  exitCode: number;
  /** The first process was killed for memory. */
  outOfMemory: boolean;
  labels: Record<string, string>;
}

export interface ContainerSummary {
  id: string;
  name: string;
  /** Id of its image. */
  imageId: string;
  labels: Record<string, string>;
  /** Unix time in milliseconds. */
  createdAt: number;
}

/** A process in a container, with its input and two outputs. */
export interface Exec {
  /**
   * Passes the outputs on, from the start of the process to their end; to be called once. Rejects when the connection
   * breaks. Processes that were started by this one may hold the outputs open after its end.
   */
  read(onStdout: (data: Buffer) => void, onStderr: (data: Buffer) => void): Promise<void>;
  /** To its input. Without effect once the connection is closed. */
  write(data: Buffer | string): void;
  /** Closes the connection; the process goes on. */
  close(): void;
  /** Of the process when it has ended, else undefined. Waits some seconds, since the engine may know it a moment later. */
  exitCode(): Promise<number | undefined>;
}

export interface Image {
  id: string;
  labels: Record<string, string>;
  /** As its USER names it; empty for root. */
  user: string;
  /** `NAME=value`. */
  env: string[];
  /** Folders that each container of it has on a volume of its own, which no commit includes. */
  volumes: string[];
  /** Number of layers. */
  layers: number;
  /** `repository@sha256:…`, for each registry that it was fetched from. */
  digests: string[];
}

interface ImageSummary {
  id: string;
  /** Names with tags. */
  names: string[];
  labels: Record<string, string>;
}

interface BuildOptions {
  name: string;
  /** Path of the Dockerfile within the context, a tar. */
  dockerfile: string;
  labels: Readonly<Record<string, string>>;
  /** Values of its ARG lines. */
  buildArgs?: Readonly<Record<string, string>> | undefined;
  /** Gets each line of its output. */
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface PullOptions {
  /** Of the image where its registry has several, such as `linux/amd64`. */
  platform?: string | undefined;
  /** Called whenever the engine reports that the pull goes on. */
  onProgress?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Why an engine did not do what it was asked for. `missing`: there is no such container or image. `conflict`: the name
 * is taken, or the state does not allow the request. `unreachable`: nothing answers, or the connection broke. `refused`:
 * the rest.
 */
export class EngineError extends Error {
  readonly reason: 'missing' | 'conflict' | 'unreachable' | 'refused';

  constructor(reason: EngineError['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EngineError';
    this.reason = reason;
  }
}
