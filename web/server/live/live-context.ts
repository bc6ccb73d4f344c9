import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import type { HomeSource } from './home-source.ts';
import type { TemporalLink } from './temporal-link.ts';

/** What the answers about a home are made of. */
export interface LiveContext {
  ledger: Ledger;
  store: ArtifactStore;
  source: HomeSource;
  temporal: Pick<TemporalLink, 'client' | 'ask'>;
  journals: string;
}
