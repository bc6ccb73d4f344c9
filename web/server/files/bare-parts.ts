import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import { placeText } from '../../../schemas/place.ts';
import { type RawTurn, textPart } from '../../model/transcript/raw-turn.ts';
import type { AboutTranscript } from '../../model/transcript/builder.ts';
import type { TranscriptParts } from './transcript-folder.ts';

/** An attempt of an evaluation: the record holds what came of it, and no turns. */
export function partsOfOutcome(id: string, { record, index }: { record: EvaluationRecord; index: number }): TranscriptParts {
  const outcome = record.outcomes[index];
  if (outcome === undefined) return partsOfUnreadable(id, id);
  const { ending, verdict, ...facts } = outcome;
  return bare({
    id,
    title: outcome.instance_id,
    ending,
    resolved: verdict === 'resolved' ? 1 : verdict === 'infra_error' || verdict === 'not_run' ? -1 : 0,
    facts: Object.entries({ evaluation: record.name, model: record.model.name, verdict, ...facts }).map(([name, value]) => ({
      name: name.replaceAll('_', ' '),
      value: Array.isArray(value) ? value.join(', ') : String(value),
    })),
    unread: ['the record of an evaluation holds no turns: they lie in the home that ran it (tracemill web shows them)'],
  });
}

/** What a scan said of a trajectory that is not there to be shown: its findings with their commands. */
export function partsOfReportAlone(id: string, report: ScanReport | null): TranscriptParts {
  if (report === null) return partsOfUnreadable(id, id);
  const where = report.place === null ? 'it comes from no file' : `${placeText(report.place)} does not hold it any more, or not here`;
  const parts = bare({ id, title: report.id, facts: [{ name: 'scanner version', value: String(report.scanner_version) }] });
  const turns = [...new Set(report.findings.map(({ turn }) => turn))].sort((a, b) => a - b).map((turn) => findingTurn(report, turn));
  return {
    ...parts,
    about: { ...parts.about, unread: [`the trajectory is not shown: ${where}; the commands with findings stand below`, ...report.unread] },
    findings: report.findings,
    turns,
  };
}

function findingTurn({ findings }: ScanReport, turn: number): RawTurn {
  const parts = findings.filter((finding) => finding.turn === turn).map(({ command }) => textPart('call', '', command, 'shell'));
  return { kind: 'turn', turn, at: null, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts };
}

/** A trajectory that was read before and is not where it was. */
export function partsOfUnreadable(id: string, place: string): TranscriptParts {
  return bare({ id, title: id, unread: [`${place} cannot be read any more: the file changed since it was opened`] });
}

function bare(about: Partial<AboutTranscript> & { id: string; title: string }): TranscriptParts {
  const unknown = { open: false, version: '1', facts: [], ending: null, resolved: null, tests: [], decisions: [], fate: null, unread: [] };
  return { about: { ...unknown, ...about, patch: null }, findings: [], turns: [] };
}
