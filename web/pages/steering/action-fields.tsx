import { useState } from 'preact/hooks';
import type { CampaignStatus } from '../../../schemas/campaign-status.ts';
import type { SteeringAction } from '../../../schemas/web-live.ts';

interface FieldsProps {
  name: SteeringAction['action'];
  present: CampaignStatus;
  /** Undefined while what stands in the fields is no change. */
  onChange: (action: SteeringAction | undefined) => void;
}

/** What a change needs to know beside its reason. */
export function ActionFields({ name, present, onChange }: FieldsProps) {
  if (name === 'concurrency') return <Concurrency present={present} onChange={onChange} />;
  if (name === 'budget') return <BudgetFields present={present} onChange={onChange} />;
  return null;
}

function Concurrency({ present, onChange }: Omit<FieldsProps, 'name'>) {
  const [value, setValue] = useState(String(present.progress?.concurrency ?? ''));
  return (
    <p>
      <label>
        Tasks at the same time{' '}
        <input
          type="number"
          min={1}
          required
          value={value}
          onInput={({ currentTarget }) => {
            setValue(currentTarget.value);
            const concurrency = wholeOf(currentTarget.value);
            onChange(concurrency === undefined || concurrency < 1 ? undefined : { action: 'concurrency', concurrency });
          }}
        />
      </label>
    </p>
  );
}

function BudgetFields({ present, onChange }: Omit<FieldsProps, 'name'>) {
  const [tokens, setTokens] = useState('');
  const [dollars, setDollars] = useState('');
  const change = (nextTokens: string, nextDollars: string) => {
    setTokens(nextTokens);
    setDollars(nextDollars);
    const most = nextTokens === '' ? null : wholeOf(nextTokens);
    const cost = nextDollars === '' ? null : amountOf(nextDollars);
    const wrong = most === undefined || cost === undefined || (most === null && cost === null);
    onChange(wrong ? undefined : { action: 'budget', ...(most !== null && { tokens: most }), ...(cost !== null && { cost_usd: cost }) });
  };
  return (
    <>
      <p>
        <label>
          Tokens in all (now {limitText(present.budget?.tokens)}){' '}
          <input inputMode="numeric" value={tokens} onInput={({ currentTarget }) => change(currentTarget.value, dollars)} />
        </label>
      </p>
      <p>
        <label>
          US dollars in all (now {limitText(present.budget?.cost_usd)}){' '}
          <input inputMode="decimal" value={dollars} onInput={({ currentTarget }) => change(tokens, currentTarget.value)} />
        </label>
      </p>
      <p class="soft">What is left empty stays as it is; 0 means no limit.</p>
    </>
  );
}

function limitText(limit: number | undefined): string {
  if (limit === undefined) return 'not known';
  return limit === 0 ? 'no limit' : String(limit);
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

function amountOf(text: string): number | undefined {
  return /^\d{1,12}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : undefined;
}
