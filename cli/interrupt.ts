let controller: AbortController | undefined;

/**
 * Aborts at the first Ctrl-C or SIGTERM, so that a command can clean up; the second one ends the process.
 * A command that never asks for it is ended by the first.
 */
export function interruption(): AbortSignal {
  if (controller !== undefined) return controller.signal;
  const created = new AbortController();
  controller = created;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      process.once(name, () => process.exit(130));
      created.abort(new Error(`stopped by ${name}`));
    });
  }
  return created.signal;
}

export function wasInterrupted(): boolean {
  return controller?.signal.aborted ?? false;
}
