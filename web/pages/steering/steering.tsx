import { useState } from 'preact/hooks';
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
  const fits: Record<ActionName, boolean> = {
    pause: state === 'running' || state === 'planning',
    resume: state === 'paused',
    concurrency: state === 'running' || state === 'paused',
    budget: state === 'running' || state === 'paused',
    abort: state === 'running' || state === 'paused' || state === 'planning',
  };
  return (
    <section aria-label="Steering" class="tabs">
      {buttons.map((name) => (
        <button key={name} type="button" disabled={!fits[name]} onClick={() => setOpen(name)}>
          {titles[name]}…
        </button>
      ))}
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
