/** What the settings of a teacher are called where people write them, for hints. */
export interface SettingNames {
  model: string;
  address: string;
  key: string;
  thinking: string;
  resend: string;
  sampling: string;
  /** What has to be done after a key was put into its variable: follows the advice to do so. */
  afterKey: string;
}
