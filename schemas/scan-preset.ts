import { z } from 'zod';

/** Which rules the scanner uses: the tiers that the paper names, or the five categories of its follow-up. */
export const ScanPreset = z.enum(['paper', 'follow-up']);
export type ScanPreset = z.infer<typeof ScanPreset>;

export const usualScanPreset = 'follow-up' satisfies ScanPreset;
