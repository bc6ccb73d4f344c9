import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import type { Teacher } from '../../../schemas/campaign.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { BusyTeacher, GatewayPause } from '../../../schemas/teacher-health.ts';
import type { Redactor } from '../../../platform/redactor.ts';
import { TeacherClients } from './teacher-request.ts';
import type { CampaignBudget } from './campaign-budget.ts';
import { CampaignBudgets } from './campaign-budgets.ts';
import { ExchangeTable, type KeepLimits } from './exchange-table.ts';
import { FrameReader, writeFrame } from './framing.ts';
import { journalledSpending } from './journalled-spending.ts';
import { Lane } from './lane.ts';
import { type Ask, type GatewayFrame, type GatewayStatus, type Outcome, WorkerFrame, protocolVersion } from './protocol.ts';
import { Rate } from './rate.ts';
import { runExchange } from './run-exchange.ts';
import { TeacherHealth } from './teacher-health.ts';

export interface GatewayOptions {
  /** Of the code that runs; workers of other code have the gateway replaced. */
  fingerprint: string;
  /** Path of the unix socket; the caller sees to it that no other gateway serves it. */
  socket: string;
  /** Without a connection or anything to do for so long, the gateway ends. */
  idleMs: number;
  keep: KeepLimits;
  log: (event: string, fields: Record<string, unknown>) => void;
  redactor: Redactor;
}

export const defaultKeep: KeepLimits = { count: 10_000, bytes: 256 * 1024 * 1024, ageMs: 24 * 3_600_000 };

/** Holds the requests to models of one host, so that a worker can die in the middle of any of them. */
export class Gateway {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly #options: GatewayOptions;
  readonly #server: Server;
  readonly #table: ExchangeTable;
  readonly #clients = new TeacherClients();
  readonly #lanes = new Map<string, { campaign: string; teacher: string; lane: Lane; health: TeacherHealth }>();
  /** Keyed by the teacher itself, so that campaigns that share a teacher share what is known of it. */
  readonly #healths = new Map<string, TeacherHealth>();
  readonly #budgets = new CampaignBudgets(journalledSpending);
  /** Replies, by campaign. */
  readonly #rates = new Map<string, Rate>();
  readonly #sockets = new Set<Socket>();
  readonly #started = Date.now();
  readonly #clock: NodeJS.Timeout;
  #resolveEnded: () => void = () => undefined;
  #idleSince = Date.now();
  #retiring = false;
  #over = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#table = new ExchangeTable(
      (ask, body, onRetry, signal) => this.#run(ask, body, onRetry, signal),
      options.keep,
      (what) => options.log('reply_dropped', { what }),
    );
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#clock = setInterval(() => this.#tick(), Math.min(1000, Math.max(10, options.idleMs / 4)));
  }

  async listen(): Promise<void> {
    const { socket } = this.#options;
    // Left by a gateway that was killed.
    if (existsSync(socket)) unlinkSync(socket);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ path: socket, backlog: 1024 }, resolve);
    });
    chmodSync(socket, 0o600);
    this.#options.log('started', { pid: process.pid, fingerprint: this.#options.fingerprint });
  }

  status(): GatewayStatus {
    return {
      pid: process.pid,
      protocol: protocolVersion,
      fingerprint: this.#options.fingerprint,
      uptime_seconds: Math.round((Date.now() - this.#started) / 1000),
      connections: this.#sockets.size,
      requests: this.#table.running,
      unjournalled: this.#table.unjournalled,
      retiring: this.#retiring,
      teachers: [...this.#lanes.values()].map(({ campaign, teacher, lane, health }) => {
        const { active, waiting, capacity, pausedMs } = lane.load;
        return {
          campaign,
          teacher,
          active,
          waiting,
          capacity,
          paused_seconds: Math.ceil(pausedMs / 1000),
          pause: pauseOf(teacher, health),
        };
      }),
      campaigns: [...this.#budgets.opened].map(([campaign, budget]) => ({
        campaign,
        running: this.#table.runningOf(campaign),
        ...budget.spent,
        reserved_tokens: budget.reserved.tokens,
        exchanges_per_minute: this.#rates.get(campaign)?.aMinute(Date.now()) ?? 0,
        budget: budget.limits,
        pauses: this.#pausesOf(campaign, budget),
        busy: this.#busyOf(campaign),
      })),
    };
  }

  #busyOf(campaign: string): BusyTeacher[] {
    return [...this.#lanes.values()].flatMap(({ campaign: its, teacher, health, lane }) =>
      its === campaign && health.busy !== undefined ? [{ teacher, ...health.busy, waiting: lane.load.waiting }] : [],
    );
  }

  #pausesOf(campaign: string, budget: CampaignBudget): GatewayPause[] {
    const ways = [...this.#lanes.values()].filter((way) => way.campaign === campaign);
    const teachers = ways.map(({ teacher, health }) => pauseOf(teacher, health));
    return [...teachers, budget.pause ?? null].filter((pause) => pause !== null);
  }

  /** Ends as soon as no request is in flight and every reply is journalled. */
  retire(): void {
    this.#retiring = true;
    this.#retireWhenIdle();
  }

  /** Ends at once: requests in flight are aborted. */
  end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.log('ended', { why });
    clearInterval(this.#clock);
    this.#table.abortAll();
    this.#server.close();
    for (const socket of this.#sockets) socket.end();
    if (existsSync(this.#options.socket)) unlinkSync(this.#options.socket);
    this.#resolveEnded();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const reader = new FrameReader();
    const waiting = new Map<number, () => void>();
    const send = (frame: GatewayFrame): void => {
      if (!socket.destroyed) writeFrame(socket, frame);
    };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const leave of waiting.values()) leave();
      this.#idleSince = Date.now();
    });
    socket.on('data', (bytes) => {
      try {
        for (const frame of reader.push(bytes)) {
          if (this.#over) return;
          this.#handle(WorkerFrame.parse(frame.json), frame.body, waiting, send);
        }
      } catch (error) {
        this.#options.log('bad_frame', { error: messageOf(error) });
        socket.destroy();
      }
    });
  }

  #handle(frame: WorkerFrame, body: Buffer, waiting: Map<number, () => void>, send: (frame: GatewayFrame) => void): void {
    if (frame.type === 'hello')
      send({ type: 'hello', protocol: protocolVersion, fingerprint: this.#options.fingerprint, pid: process.pid });
    else if (frame.type === 'ask') this.#ask(frame, body, waiting, send);
    else if (frame.type === 'leave') {
      waiting.get(frame.id)?.();
      waiting.delete(frame.id);
    } else if (frame.type === 'ack') {
      this.#table.acknowledge(frame.rollout, frame.exchange);
      this.#retireWhenIdle();
    } else if (frame.type === 'cancel') {
      this.#table.cancel(frame.rollout);
      send({ type: 'done', id: frame.id, leaving: false });
    } else if (frame.type === 'budget') {
      this.#budgets.setLimits(frame.campaign, frame.budget);
      send({ type: 'done', id: frame.id, leaving: false });
    } else if (frame.type === 'status') send({ type: 'status', id: frame.id, status: this.status() });
    else this.#stop(frame, send);
  }

  #ask(ask: Ask, body: Buffer, waiting: Map<number, () => void>, send: (frame: GatewayFrame) => void): void {
    if (ask.api_key !== null) this.#options.redactor.add(ask.api_key);
    this.#healthOf(ask.teacher).setKey(ask.api_key, ask.teacher.api_key_env);
    // The outcome can come before `ask` returns.
    let over = false;
    const leave = this.#table.ask(ask, body, {
      retry: (detail) => send({ type: 'retry', id: ask.id, detail }),
      outcome: (outcome) => {
        over = true;
        waiting.delete(ask.id);
        send({ type: 'outcome', id: ask.id, outcome });
        this.#retireWhenIdle();
      },
    });
    if (!over) waiting.set(ask.id, leave);
  }

  #stop(frame: Extract<WorkerFrame, { type: 'stop' }>, send: (frame: GatewayFrame) => void): void {
    this.#retiring = true;
    const leaving = !frame.when_idle || this.#idle();
    send({ type: 'done', id: frame.id, leaving });
    if (leaving) this.end('asked to stop');
  }

  async #run(ask: Ask, body: Buffer, onRetry: (detail: string) => void, signal: AbortSignal): Promise<Outcome> {
    const outcome = await runExchange(
      ask,
      body,
      {
        clients: this.#clients,
        ...this.#wayTo(ask),
        budget: () => this.#budgets.of(ask),
        redact: (text) => this.#options.redactor.redact(text),
        onRetry: (detail) => {
          this.#options.log('retry', { rollout: ask.rollout, detail });
          onRetry(detail);
        },
      },
      signal,
    );
    if (outcome.type === 'reply') this.#rateOf(ask.campaign).count(Date.now());
    return outcome;
  }

  #rateOf(campaign: string): Rate {
    const rate = this.#rates.get(campaign) ?? new Rate();
    this.#rates.set(campaign, rate);
    return rate;
  }

  /** The lane of the campaign's teacher, as wide as the profile says, and the state of the teacher behind it. */
  #wayTo({ campaign, teacher_name, teacher }: Ask): { lane: Lane; health: TeacherHealth } {
    const name = `${campaign}\0${teacher_name}`;
    const health = this.#healthOf(teacher);
    const lane = this.#lanes.get(name)?.lane ?? new Lane(teacher.concurrency);
    this.#lanes.set(name, { campaign, teacher: teacher_name, lane, health });
    if (lane.load.capacity !== teacher.concurrency) lane.setCapacity(teacher.concurrency);
    return { lane, health };
  }

  #healthOf({ base_url, model, api_key_env }: Teacher): TeacherHealth {
    const name = [base_url, model, api_key_env ?? ''].join('\0');
    const known = this.#healths.get(name);
    if (known !== undefined) return known;
    const { log } = this.#options;
    const health = new TeacherHealth((pause) =>
      log(pause === undefined ? 'teacher_resumed' : 'teacher_paused', { base_url, model, ...pause }),
    );
    this.#healths.set(name, health);
    return health;
  }

  /** Nothing would be paid twice if it ended now; the next gateway is asked for the exchanges that wait. */
  #idle(): boolean {
    return this.#clients.inFlight === 0 && this.#table.unjournalled === 0;
  }

  #retireWhenIdle(): void {
    if (this.#retiring && this.#idle()) this.end('idle, after it was asked to stop');
  }

  #tick(): void {
    this.#table.dropOld(Date.now());
    this.#retireWhenIdle();
    if (this.#sockets.size > 0 || !this.#idle()) this.#idleSince = Date.now();
    else if (Date.now() - this.#idleSince >= this.#options.idleMs) this.end('idle');
  }
}

function pauseOf(teacher: string, health: TeacherHealth): GatewayPause | null {
  const { pause } = health;
  return pause === undefined ? null : { teacher, ...pause };
}
