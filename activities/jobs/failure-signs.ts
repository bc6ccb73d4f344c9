import type { JobCause } from '../../schemas/job.ts';

/** What lines of a job's output say of its failure. Trainers bring more of their own. */
export interface FailureSign {
  cause: JobCause;
  /** Of one line. */
  pattern: RegExp;
  /** Whether the same job may succeed when it goes on from its last checkpoint. */
  retryable: boolean;
  /** One sentence for people: what it means, what to do. */
  detail: string;
}

/**
 * Signs that hold for any program on PyTorch. The first one that some line shows decides: what causes others comes first.
 * When one process of many runs out of memory, all others report that it does not answer.
 */
export const commonSigns: readonly FailureSign[] = [
  {
    cause: 'out_of_memory',
    pattern:
      /out of memory|OutOfMemoryError|\bMemoryError\b|can't allocate memory|Cannot allocate memory|std::bad_alloc|CUBLAS_STATUS_ALLOC_FAILED|oom[-_ ]kill/i,
    retryable: false,
    detail: 'it ran out of memory: spread it over more GPUs, shorten the rows, or give it more memory',
  },
  {
    cause: 'disk_full',
    pattern: /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/,
    retryable: false,
    detail: 'a disk is full: make room, or keep fewer checkpoints',
  },
  {
    cause: 'not_a_number',
    pattern:
      /(loss|grad_norm|gradient norm)['"]?\s*(=|:|is)\s*['"]?(nan|-?inf)\b|\b(NaN|Inf)( or (NaN|Inf))? (loss|gradients?)\b|found (NaN|Inf) in/i,
    retryable: false,
    detail: 'the loss is no number any more: lower the learning rate, and look at the rows of that step',
  },
  {
    cause: 'gpu_failure',
    pattern:
      /uncorrectable ECC|illegal memory access|unspecified launch failure|fallen off the bus|\bNVRM: Xid\b|CUDA error: (unknown error|the launch timed out)/i,
    retryable: true,
    detail: 'a GPU failed',
  },
  {
    cause: 'gpu_failure',
    pattern:
      /device-side assert|no CUDA-capable device|CUDA driver version is insufficient|not compiled with CUDA|CUDA error|CUDNN_STATUS_/i,
    retryable: false,
    detail: 'CUDA refused the work: look at the driver, and at the tokens of the rows when an assertion on the device failed',
  },
  {
    cause: 'missing_module',
    pattern: /ModuleNotFoundError|No module named|ImportError: (cannot import|lib)|cannot open shared object file/,
    retryable: false,
    detail: 'a Python module or a library is not installed where the job runs',
  },
  {
    cause: 'file_exists',
    pattern: /FileExistsError|\bEEXIST\b/,
    retryable: false,
    detail: 'a file that it would write is there already: a checkpoint of another run in the same folder?',
  },
  {
    cause: 'communication_failure',
    pattern:
      /NCCL (error|timeout)|Watchdog caught collective operation timeout|nccl(System|Remote|Internal|Unhandled\w*)Error|Rendezvous(Timeout|Connection)Error|Connection closed by (remote )?peer|connectFullMesh failed|TCPStore.*(timed out|reset|refused)/i,
    retryable: true,
    detail: 'its processes lost each other: the network, or a process that stopped',
  },
];
