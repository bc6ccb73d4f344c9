import { useEffect, useRef, useState } from 'preact/hooks';
import type { CampaignStatus } from '../../../schemas/campaign-status.ts';
import type { SteeringAction, SteeringPreview, SteeringResult } from '../../../schemas/web-live.ts';
import { Name } from '../parts/name.tsx';
import { newKey, postJson } from '../post-json.ts';
import { ActionFields } from './action-fields.tsx';

interface DialogProps {
  name: SteeringAction['action'];
  title: string;
  campaign: string;
  present: CampaignStatus;
  onClose: () => void;
}

/** One change: what it would do, why it is made, and what came of it. Nothing is sent before all three questions are answered. */
export function SteeringDialog({ name, title, campaign, present, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [action, setAction] = useState<SteeringAction | undefined>(firstAction(name, present));
  const [preview, setPreview] = useState<SteeringPreview>();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [conflict, setConflict] = useState(false);
  const [sending, setSending] = useState(false);
  const [result, setResult] = useState<SteeringResult>();
  const key = useRef(newKey());
  const base = `live/campaigns/${encodeURIComponent(campaign)}`;
  const asked = JSON.stringify(action);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    setPreview(undefined);
    if (action === undefined) return undefined;
    let late = false;
    // Another wish is another key: an answer to the one before must not stand for it.
    key.current = newKey();
    const timer = setTimeout(() => {
      postJson<SteeringPreview>(`${base}/preview`, action).then(
        ({ data }) => !late && (setPreview(data), setProblem(undefined)),
        (error: unknown) => !late && setProblem(messageOf(error)),
      );
    }, 250);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [asked]);
  const send = async (event: Event) => {
    event.preventDefault();
    if (action === undefined || preview === undefined || sending) return;
    setSending(true);
    try {
      const headers = { 'if-match': `"${preview.version}"`, 'idempotency-key': key.current };
      const { status, data } = await postJson<SteeringResult | SteeringPreview>(
        `${base}/steer`,
        { action, reason: reason.trim() },
        { headers, allowed: [412] },
      );
      setProblem(undefined);
      if (status === 412 && 'effects' in data) {
        setPreview(data);
        setConflict(true);
        key.current = newKey();
      } else if ('applied' in data) setResult(data);
    } catch (error) {
      setProblem(messageOf(error));
    }
    setSending(false);
  };
  const ready = action !== undefined && preview !== undefined && preview.refused === null && reason.trim() !== '' && !sending;
  return (
    <dialog ref={dialog} aria-labelledby="steer-title" onClose={onClose}>
      <h2 id="steer-title">
        <Name text={title} />
      </h2>
      {result === undefined ? (
        <form onSubmit={(event) => void send(event)}>
          <ActionFields name={name} present={present} onChange={setAction} />
          <Effects action={action} preview={preview} conflict={conflict} />
          <p>
            <label>
              Reason, for the log of changes (needed)
              <br />
              <textarea
                required
                maxLength={1000}
                rows={2}
                cols={50}
                value={reason}
                onInput={(event) => setReason(event.currentTarget.value)}
              />
            </label>
          </p>
          {problem !== undefined && (
            <p role="alert" class="state bad">
              ■ Nothing is known to have changed: <Name text={problem} most={1000} />
            </p>
          )}
          <p class="tabs">
            <button type="submit" class="primary" disabled={!ready}>
              {conflict ? 'Do it nevertheless' : 'Do it'}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
          </p>
        </form>
      ) : (
        <div role="status">
          <p>
            <strong>{result.applied ? 'Done.' : 'Nothing changed.'}</strong> <Name text={result.detail} most={1000} />
          </p>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      )}
    </dialog>
  );
}

function Effects({
  action,
  preview,
  conflict,
}: {
  action: SteeringAction | undefined;
  preview: SteeringPreview | undefined;
  conflict: boolean;
}) {
  if (action === undefined) return <p class="soft">Say what it is to be, and its effect is shown here.</p>;
  if (preview === undefined) return <p aria-busy="true">Asking what it would change…</p>;
  return (
    <div role="status">
      {conflict && <p class="state warn">▲ The campaign has changed since you looked: nothing was done. This is what it would do now.</p>}
      {preview.refused !== null && (
        <p class="state bad">
          ■ It cannot be done now: <Name text={preview.refused} most={1000} />
        </p>
      )}
      <ul>
        {preview.effects.map((effect) => (
          <li key={effect}>
            <Name text={effect} most={1000} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function firstAction(name: SteeringAction['action'], { progress }: CampaignStatus): SteeringAction | undefined {
  if (name === 'pause' || name === 'resume' || name === 'abort') return { action: name };
  if (name === 'concurrency' && progress !== null) return { action: name, concurrency: progress.concurrency };
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'the server refused without a word';
}
