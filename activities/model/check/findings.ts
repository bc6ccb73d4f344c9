/** What a check found so far, in words for people. */
export interface Findings {
  passed: string[];
  /** What could not be told, with the reason. */
  unchecked: string[];
  /** Names of the models that the server lists; undefined where it has no list. */
  served?: string[];
}
