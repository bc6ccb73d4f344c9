import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A process that does nothing, and says when its input ends how late its event loop was at the 99th percentile, in milliseconds. */
const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => {
  delay.disable();
  process.stdout.write(`${JSON.stringify([delay.percentile(99) / 1e6])}\n`);
});
