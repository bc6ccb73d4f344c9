const named = /\bbranch(?:es)?\s+(?:is\s+|named\s+|called\s+)?[`'"‘“]([\w./-]+)[`'"’”]|[`'"‘“]([\w./-]+)[`'"’”]\s+branch\b/g;
const given =
  /\b(?:you|your|previous work|earlier work|continue|work(?:ing)? on|start from|checked out|check ?out|switch to|based on|current|currently|use)\b/i;
const withheld =
  /\b(?:not|never|n[’']t|fixed|upstream|merged|solution|reference|gold|later|future|released|hidden|avoid|without)\b|n[’']t\b/i;

/** Branches that a prompt gives to the agent: its own earlier work, or the one that is checked out. */
export function branchesGiven(prompt: string): string[] {
  return prompt.split(/(?<=[.!?;])\s+|\n+/).flatMap((sentence) => {
    if (sentence.length > 2_000 || !given.test(sentence) || withheld.test(sentence)) return [];
    return [...sentence.matchAll(named)].flatMap(([, behind, before]) => behind ?? before ?? []);
  });
}
