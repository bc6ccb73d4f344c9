import type { ErrorForm } from '../../../schemas/teacher-quirk.ts';

/** An error where an answer is expected. `event`: name of its event in a stream; `page`: no JSON at all. */
export interface ErrorIn200 {
  data: unknown;
  event?: string;
  page?: boolean;
}

const error = { message: 'the engine is overloaded, please try again', type: 'server_error', code: 502 };

/** How servers say under HTTP 200 that they failed this time. */
const errorsIn200: Record<Exclude<ErrorForm, 'any'>, ErrorIn200> = {
  wrapped: { data: { error } },
  bare: { data: { object: 'error', message: 'EngineCore met an error', type: 'InternalServerError', param: null, code: 500 } },
  base_resp: { data: { choices: null, base_resp: { status_code: 1002, status_msg: 'rate limit exceeded(RPM)' } } },
  finish_reason: {
    data: { choices: [{ index: 0, delta: { content: '' }, message: { role: 'assistant', content: '' }, finish_reason: 'error' }], error },
  },
  page: { data: '<html><body><h1>502 Bad Gateway</h1></body></html>', page: true },
  event: { event: 'error', data: { error } },
};

/** The one of this form; `chance`, from 0 to below 1, chooses where any will do. */
export function errorIn200(form: ErrorForm, chance: number): ErrorIn200 {
  if (form !== 'any') return errorsIn200[form];
  const all = Object.values(errorsIn200);
  return all[Math.floor(chance * all.length)] ?? errorsIn200.wrapped;
}
