import { nameTable } from '../../../schemas/name-table.ts';
import { Name } from './name.tsx';

type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

const shapes: Record<Tone, string> = { good: '●', bad: '■', warn: '▲', busy: '◐', quiet: '○' };

const tones: Record<string, Tone> = nameTable({
  done: 'good',
  completed: 'good',
  kept: 'good',
  resolved: 'good',
  fine: 'good',
  unchanged: 'good',
  failed: 'bad',
  lost: 'bad',
  aborted: 'bad',
  terminated: 'bad',
  regression: 'bad',
  timed_out: 'bad',
  dropped: 'warn',
  paused: 'warn',
  waiting: 'warn',
  busy: 'warn',
  gated_out: 'warn',
  warning: 'warn',
  invalid: 'warn',
  aborting: 'warn',
  cancelled: 'warn',
  canceled: 'warn',
  running: 'busy',
  planning: 'busy',
  releasing: 'busy',
  rollout: 'busy',
  rollouts: 'busy',
  verification: 'busy',
  scan: 'busy',
  decision: 'busy',
  gate: 'busy',
  preparation: 'busy',
});

/** How a state is to be read, by the last of its words that tells: `done · kept` by `kept`, and so `dropped · a_rule`. */
function toneOf(state: string): Tone {
  const words = state.split(' · ').toReversed();
  return words.map((word) => tones[word] ?? tones[word.split(/[ :]/, 1)[0] ?? '']).find((tone) => tone !== undefined) ?? 'quiet';
}

/** The shape that stands for a state beside its word, where colour is not seen. */
function shapeOf(state: string): string {
  return shapes[toneOf(state)];
}

/** A state: shape, word and colour. */
export function State({ state }: { state: string }) {
  return (
    <span class={`state ${toneOf(state)}`}>
      <span aria-hidden="true">{shapeOf(state)} </span>
      <Name text={state} />
    </span>
  );
}
