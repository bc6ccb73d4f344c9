import { useState } from 'preact/hooks';
import type { CampaignStatus } from '../../../schemas/campaign-status.ts';
import type { CampaignView, SteeringAction } from '../../../schemas/web-live.ts';
import { SteeringDialog } from './steering-dialog.tsx';

type ActionName = SteeringAction['action'];

const titles: Record<ActionName, string> = {
  pause: 'Pause',
  resume: 'Resume',
  concurrency: 'Change concurrency',
  budget: 'Change budget',
  abort: 'Abort',
};

const buttons: ActionName[] = ['pause', 'resume', 'concurrency', 'budget', 'abort'];

/** What the reader may change of a campaign. A server that is read only gets none of it. */
export function Steering({ campaign, view, onChange }: { campaign: string; view: CampaignView; onChange: () => void }) {
  const [open, setOpen] = useState<ActionName>();
  const state = view.status.progress?.state;
  const under = state === 'running' || state === 'waiting' || state === 'paused';
  const why = whyNone(view.status);
  const fits: Record<ActionName, boolean> = {
    pause: state === 'running' || state === 'waiting' || state === 'planning',
    resume: state === 'paused',
    concurrency: under,
    budget: under,
    abort: under || state === 'planning',
  };
  return (
    <section aria-label="Steering" class="tabs">
      {buttons.map((name) => (
        <button
          key={name}
          type="button"
          disabled={why !== '' || !fits[name]}
          {...(why !== '' && { 'aria-describedby': 'steer-why' })}
          onClick={() => setOpen(name)}
        >
          {titles[name]}…
        </button>
      ))}
      {why !== '' && (
        <span id="steer-why" class="soft">
          {why}
        </span>
      )}
      {open !== undefined && (
        <SteeringDialog
          key={open}
          name={open}
          title={`${titles[open]}: ${campaign}`}
          campaign={campaign}
          present={view.status}
          onClose={() => {
            setOpen(undefined);
            onChange();
          }}
        />
      )}
    </section>
  );
}

/** Why nothing can be changed now, and what to do; empty where something can. */
function whyNone({ workflow, progress, closed_at }: CampaignStatus): string {
  if (workflow === 'unknown')
    return 'Nothing can be changed: the Temporal server does not answer or has forgotten the campaign. See: tracemill doctor';
  if (workflow !== 'running' || closed_at !== null)
    return 'The campaign has ended: nothing of it can be changed. Another start goes on with what failed.';
  if (progress === null) return 'Nothing can be changed now: no worker answers for the campaign. Start one: tracemill worker';
  if (!steerable.has(progress.state)) return `Nothing can be changed while the campaign is ${progress.state}.`;
  return '';
}

const steerable = new Set(['running', 'waiting', 'paused', 'planning']);
