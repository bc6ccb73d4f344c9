import { Context } from '@temporalio/activity';

/**
 * Runs `work` with a heartbeat from a timer, so that silence of the model or a long test run is not taken for
 * death. `beat` sets what the heartbeats carry from now on. The signal is aborted when the activity is cancelled.
 */
export async function heartbeating<T>(work: (tools: { signal: AbortSignal; beat: (details: unknown) => void }) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const timer = setInterval(() => context.heartbeat(details), Math.max(500, (context.info.heartbeatTimeoutMs ?? 30_000) / 4));
  timer.unref();
  try {
    context.heartbeat(details);
    return await work({
      signal: context.cancellationSignal,
      beat: (next) => {
        details = next;
        context.heartbeat(details);
      },
    });
  } catch (error) {
    // Node's own functions throw an error of theirs when their signal is aborted; Temporal has to see the cancellation.
    if (error instanceof Error && error.name === 'AbortError') context.cancellationSignal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
  }
}
