import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { ledgerContract } from './contract.ts';

ledgerContract('SQLite', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tracemill-ledger-'));
  return {
    open: () => openLocalLedger(join(place, 'ledger.sqlite')),
    remove: async () => rmSync(place, { recursive: true, force: true }),
  };
});
