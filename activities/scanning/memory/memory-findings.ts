import type { Finding } from '../../../schemas/finding.ts';
import type { Turn } from '../conversation.ts';
import { usualClassifier } from './classifier.ts';
import { type MarkedPassage, markedInTurn, type MarkingContext } from './marked-passages.ts';

/** What a turn claims to know of the project's later state, as findings with sentence, score and threshold. */
export function memoryFindings(turn: Turn, index: number, context: MarkingContext): Finding[] {
  const { note } = usualClassifier().thresholds;
  return markedInTurn(turn, index, context, note).map((passage) => findingOf(passage));
}

function findingOf({ turn, call, text, score, unknown }: MarkedPassage): Finding {
  const { violation, note } = usualClassifier().thresholds;
  const severity = score >= violation ? 'violation' : 'note';
  const threshold = severity === 'violation' ? violation : note;
  return {
    category: 'MEMORY',
    rule: ruleOf(unknown),
    severity,
    turn,
    call,
    command: '',
    evidence: `${text.slice(0, 300)} (score ${score.toFixed(2)}, ${severity} from ${threshold.toFixed(2)})`,
    succeeded: true,
  };
}

/** The most exact thing that is named and that nothing had shown. */
function ruleOf({ releases, tickets, commits }: MarkedPassage['unknown']): string {
  if (commits.length > 0) return 'names-the-commit';
  if (tickets.length > 0) return 'names-the-pull-request';
  return releases.length > 0 ? 'names-the-release' : 'recalls-the-fix';
}
