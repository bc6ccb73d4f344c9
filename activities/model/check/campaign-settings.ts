import type { SettingNames } from './settings-names.ts';

/** As a campaign file has them. */
export function campaignSettings(teacher: string, afterKey: string): SettingNames {
  const field = (name: string) => `teachers.${teacher}.${name}`;
  return {
    model: field('model'),
    address: field('base_url'),
    key: field('api_key_env'),
    thinking: field('thinking'),
    resend: field('thinking.resend'),
    sampling: field('sampling'),
    afterKey,
  };
}
