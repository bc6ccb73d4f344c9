import { InvalidArgumentError } from '@commander-js/extra-typings';
import { Teacher } from '../schemas/campaign.ts';

/** The address of a model server, as an option. */
export function address(text: string): string {
  const read = Teacher.shape.base_url.safeParse(text);
  if (!read.success) throw new InvalidArgumentError('not an address, such as http://localhost:8000/v1');
  return read.data;
}

/** The name of a model, as an option. */
export function modelName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('the name by which the server knows the model');
  return text;
}

/** The name of a key's variable, as an option. */
export function variableName(text: string): string {
  const read = Teacher.shape.api_key_env.safeParse(text);
  if (!read.success || read.data === undefined) throw new InvalidArgumentError('the NAME of an environment variable, never the key itself');
  return read.data;
}
