/** A file on its way into a release. */
export interface ReleaseFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Durable when it resolves. */
  close(): Promise<void>;
}

/** The files of a release; paths are relative, with slashes. */
interface ReleaseFiles {
  /** Throws the error of a missing file (`ENOENT`) when there is none. */
  read(path: string): Promise<Uint8Array>;
  /** Path of a file on this machine with the same bytes: Parquet readers want one. */
  localFile(path: string): Promise<string>;
}

/** A release that is being written; nobody else sees it. */
export interface ReleaseDraft extends ReleaseFiles {
  create(path: string): Promise<ReleaseFile>;
}

/** Where one release lies: a folder, or what stands for one in another kind of storage. */
export interface ReleaseFolder extends ReleaseFiles {
  /** Path or address, for people. */
  readonly location: string;
  /**
   * Replaces the release by what `fill` writes, as a whole once `fill` has resolved; when it rejects, or the process
   * dies, the release stays as it was. One writer at a time: another one waits.
   */
  replace<T>(fill: (draft: ReleaseDraft) => Promise<T>, options?: ReplaceOptions): Promise<T>;
}

interface ReplaceOptions {
  /** Called once when another writer is at work on the same release. */
  onWait?: () => void;
  signal?: AbortSignal;
}
