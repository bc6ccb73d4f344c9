import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../platform/replace-file.ts';
import { GateRecord } from '../../schemas/gate.ts';
import type { Task } from '../../schemas/task.ts';

/** Records by {@link gateKey}. Shared by all campaigns of a machine. */
export interface GateCache {
  read(key: string): GateRecord | undefined;
  write(key: string, record: GateRecord): void;
}

export interface GateSubject {
  task: Task;
  imageDigest: string;
  verifierVersion: string;
  runs: number;
  timeoutMs: number;
  network: string;
}

/** Names everything that a gate's result depends on; descriptions and metadata of the task are not part of it. */
export function gateKey({ task, ...rest }: GateSubject): string {
  const { instance_id, language, base_commit, patch, test_patch, FAIL_TO_PASS, PASS_TO_PASS, install_config, workdir, repo } = task;
  const { test_cmd, log_parser, install } = install_config;
  const subject = [
    instance_id,
    language,
    base_commit,
    patch,
    test_patch,
    FAIL_TO_PASS,
    PASS_TO_PASS,
    test_cmd,
    log_parser,
    install ?? [],
    workdir ?? repo,
  ];
  const { imageDigest, verifierVersion, runs, timeoutMs, network } = rest;
  return createHash('sha256')
    .update(JSON.stringify([subject, imageDigest, verifierVersion, runs, timeoutMs, network]))
    .digest('hex');
}

/** One JSON file a record; a damaged one counts as missing. Safe for several processes. */
export function gateCacheIn(folder: string): GateCache {
  const path = (key: string) => join(folder, key.slice(0, 2), `${key}.json`);
  return {
    read(key) {
      try {
        return GateRecord.parse(JSON.parse(readFileSync(path(key), 'utf8')));
      } catch {
        return undefined;
      }
    },
    write(key, record) {
      replaceFile(path(key), `${JSON.stringify(record)}\n`);
    },
  };
}
