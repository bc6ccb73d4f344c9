import type { GatewayPause, HeldByHost, HostPauses } from '../schemas/teacher-health.ts';

/** A host that does not repeat its report within this time has no worker any more; milliseconds. */
export const reportLifetimeMs = 12 * 60_000;

/** What hosts report to hold back: teachers that are down, a budget that is spent. */
export class HeldTeachers {
  #reports: readonly HeldByHost[];

  constructor(reports: readonly HeldByHost[] = []) {
    this.#reports = reports;
  }

  get any(): boolean {
    return this.#reports.length > 0;
  }

  get reports(): HeldByHost[] {
    return [...this.#reports];
  }

  /** Two hosts may hold back the same; it is named once, as first seen. */
  get pauses(): GatewayPause[] {
    const all = this.#reports.flatMap(({ pauses }) => pauses).sort((a, b) => (a.since < b.since ? -1 : 1));
    return all.filter((pause, at) => all.findIndex(({ teacher, code }) => teacher === pause.teacher && code === pause.code) === at);
  }

  /** When the oldest report is forgotten unless it is repeated; undefined without any. */
  get expiry(): number | undefined {
    const times = this.#reports.map(({ at }) => at);
    return times.length === 0 ? undefined : Math.min(...times) + reportLifetimeMs;
  }

  report({ host, pauses }: HostPauses, at: number): void {
    const others = this.#reports.filter((report) => report.host !== host);
    this.#reports = pauses.length === 0 ? others : [...others, { host, pauses, at }];
  }

  expire(now: number): void {
    this.#reports = this.#reports.filter(({ at }) => at + reportLifetimeMs > now);
  }
}
