import { address, addressOf } from '../address.ts';

/** Pages of one campaign. */
export function CampaignTabs({ name, collection }: { name: string; collection: string }) {
  const here = address.value.segments.slice(2).join('/');
  const tabs = [
    ['', 'State'],
    ['grid', 'Grid of tasks'],
    ['funnel', 'Funnel'],
    ['audit', 'Changes made'],
  ] as const;
  return (
    <nav aria-label="Pages of this campaign" class="tabs">
      {tabs.map(([part, title]) => (
        <a
          key={part}
          href={addressOf(['campaigns', name, ...(part === '' ? [] : [part])])}
          aria-current={here === part ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
      <a href={addressOf(['c', collection])}>Rows</a>
    </nav>
  );
}
