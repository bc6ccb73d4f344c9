/** Observation of one action: the text for the model, and how the stuck rules know it. */
export interface Observed {
  content: string;
  /** Equal for observations that count as the same. */
  identity: string;
  /** The code of an error observation proper; the editor's failures and failed commands are none. */
  error: string | null;
}
