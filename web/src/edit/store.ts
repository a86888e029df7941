// One journey as it is being edited here: what the server confirmed (`base`, after `seq` edits), one's own edits on their
// way (`pending`), and both together (`document`), which is what people see. Edits are sent one after another and again
// until they are answered; each has an id, so that none is done twice. What the server refuses is kept and shown.
import { ApiError, request } from "../api/client";
import type { Journey, JourneyNow } from "../api/journey";
import type { Role } from "../api/session";
import { bare } from "./bare";
import { apply, newId, type Op } from "./ops";

export interface Done {
  journey: string;
  seq: number;
  edit_id: string;
  ops: Op[];
  inverse: Op[];
  author: string | null;
}
interface Edit {
  id: string;
  ops: Op[];
}
/** An edit that was not done: because somebody else was first (`now` is there), or because it cannot be (`why`). */
export interface Refusal {
  edit: Edit;
  why: string;
  op?: Op;
  now?: unknown;
  by?: string | null;
  typed?: string;
}
interface Step {
  id: string; // of the edit that it takes back
  ops: Op[];
}
export interface State {
  document: Journey;
  base: Journey;
  seq: number;
  role: Role;
  pending: Edit[];
  refusals: Refusal[];
  undo: Step[];
  redo: Step[];
  connected: boolean;
}

const PATIENCE = [300, 1000, 2000, 4000]; // ms between attempts

export class Editor {
  private state: State | null = null;
  private readonly watching = new Set<() => void>();
  private sending = false;
  private attempts = 0;
  private wake = () => {};
  private newest = 0; // the highest seq that was heard of
  private loading: Promise<void> | null = null;
  private catching: Promise<void> | null = null;

  constructor(
    readonly journey: string,
    private readonly kept: string, // where edits outlive the page
    private readonly signedOut: () => void,
  ) {}

  readonly get = () => this.state;

  readonly watch = (look: () => void) => {
    this.watching.add(look);
    return () => {
      this.watching.delete(look);
    };
  };

  /** Loads the journey as it stands; one's own edits stay on top of it. */
  load(): Promise<void> {
    this.loading ??= this.fetch().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async fetch() {
    const now = await request<JourneyNow>("GET", `/journeys/${this.journey}`);
    const before = this.state ?? { ...this.restored(), undo: [], redo: [], seq: -1 };
    if (now.seq >= before.seq) this.put({ ...before, base: bare(now.document), seq: now.seq, role: now.role });
    this.put({ connected: true });
    void this.flush();
  }

  /** Makes an edit: seen here at once, and sent. */
  readonly change = (ops: Op[]) => {
    if (!this.state || !ops.length) return;
    const edit = { id: newId("edit"), ops };
    const step = { id: edit.id, ops: this.inverseOf(ops) };
    this.put({ undo: [...this.state.undo, step], redo: [] });
    this.enqueue(edit);
  };

  readonly undo = () => this.back("undo", "redo");
  readonly redo = () => this.back("redo", "undo");

  private back(from: "undo" | "redo", to: "undo" | "redo") {
    const step = this.state?.[from].at(-1);
    if (!this.state || !step) return;
    const edit = { id: newId("edit"), ops: step.ops };
    const opposite = { id: edit.id, ops: this.inverseOf(step.ops) };
    this.put({ [from]: this.state[from].slice(0, -1), [to]: [...this.state[to], opposite] });
    if (edit.ops.length) this.enqueue(edit);
  }

  /** Answers a refusal: gives up what was wanted, or does it on what is there now. */
  readonly settle = (refusal: Refusal, mine: boolean) => {
    if (!this.state) return;
    this.put({ refusals: this.state.refusals.filter((each) => each !== refusal) });
    if (!mine || !refusal.op) return;
    const stale = JSON.stringify(refusal.op);
    this.change(
      refusal.edit.ops.map((op) => (JSON.stringify(op) === stale ? ({ ...op, was: refusal.now ?? null } as Op) : op)),
    );
  };

  /** What was typed and cannot be an edit: it is said, and the text stays. */
  readonly reject = (why: string, typed: string) => {
    const edit = { id: newId("edit"), ops: [] };
    this.put({ refusals: [...(this.state?.refusals ?? []), { edit, why, typed }] });
  };

  /** Somebody's edit, one's own included, as the server numbered it. */
  readonly heard = (done: Done) => {
    if (!this.state || done.journey !== this.journey) return;
    this.newest = Math.max(this.newest, done.seq);
    if (done.seq > this.state.seq + 1) void this.catchUp();
    else this.confirm(done);
  };

  /** The stream has broken: what was not answered is sent again when it is back. */
  readonly lost = () => this.put({ connected: false });

  private confirm(done: Done) {
    if (!this.state) return;
    const pending = this.state.pending.filter((edit) => edit.id !== done.edit_id);
    if (done.seq !== this.state.seq + 1) return this.put({ pending });
    const exact = (step: Step) => (step.id === done.edit_id ? { ...step, ops: done.inverse } : step);
    try {
      const base = apply(this.state.base, done.ops).document;
      const { undo, redo } = this.state;
      this.put({ base, seq: done.seq, pending, undo: undo.map(exact), redo: redo.map(exact) });
    } catch {
      void this.load();
    }
  }

  /** Asks for the edits that were missed on the way. */
  private catchUp(): Promise<void> {
    this.catching ??= this.missed()
      .catch(() => this.load())
      .catch(() => undefined) // the stream's next `hello` loads again
      .finally(() => {
        this.catching = null;
      });
    return this.catching;
  }

  private async missed() {
    for (let seq = this.state?.seq ?? 0; seq < this.newest; seq = this.state?.seq ?? 0) {
      const query = { after: String(seq) };
      for (const done of await request<Done[]>("GET", `/journeys/${this.journey}/edits`, { query })) this.confirm(done);
      if (this.state?.seq === seq) return this.load();
    }
  }

  private enqueue(edit: Edit) {
    this.put({ pending: [...(this.state?.pending ?? []), edit] });
    void this.flush();
  }

  private async flush() {
    this.wake();
    if (this.sending) return;
    this.sending = true;
    try {
      for (let edit = this.state?.pending[0]; edit; edit = this.state?.pending[0]) await this.send(edit);
    } finally {
      this.sending = false;
    }
  }

  private async send(edit: Edit) {
    try {
      const body = { edit_id: edit.id, ops: edit.ops };
      const done = await request<Done>("POST", `/journeys/${this.journey}/edits`, { body });
      this.attempts = 0;
      this.newest = Math.max(this.newest, done.seq);
      if (done.seq > (this.state?.seq ?? 0) + 1) await this.catchUp();
      this.confirm(done);
    } catch (error) {
      if (isFinal(error)) return this.refuse(edit, error);
      this.put({ connected: false });
      if (error instanceof ApiError && error.status === 401) this.signedOut();
      const patience = PATIENCE[Math.min(this.attempts++, PATIENCE.length - 1)];
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        window.setTimeout(resolve, patience);
      });
    }
  }

  private refuse(edit: Edit, error: ApiError) {
    if (!this.state) return;
    const { pending, refusals, undo, redo } = this.state;
    const conflict = error.status === 409 ? (error.body as { op: Op; now: unknown; by: string | null }) : {};
    const why = [error.message, error.hint].filter(Boolean).join(" – ");
    this.put({
      pending: pending.filter((each) => each !== edit),
      refusals: [...refusals, { edit, why, ...conflict }],
      undo: undo.filter((step) => step.id !== edit.id),
      redo: redo.filter((step) => step.id !== edit.id),
    });
  }

  private inverseOf(ops: Op[]): Op[] {
    try {
      return this.state ? apply(this.state.document, ops).inverse : [];
    } catch {
      return []; // the server decides, and gives what takes it back
    }
  }

  private put(change: Partial<State>) {
    if (!this.state && !change.base) return;
    const next = { ...this.state, ...change } as State;
    if ("base" in change || "pending" in change) next.document = onTop(next.base, next.pending);
    this.state = next;
    if ("pending" in change || "refusals" in change) this.keep(next);
    for (const look of this.watching) look();
  }

  private restored(): Pick<State, "pending" | "refusals"> {
    return JSON.parse(sessionStorage.getItem(this.kept) ?? '{"pending": [], "refusals": []}');
  }

  private keep({ pending, refusals }: State) {
    if (pending.length || refusals.length) sessionStorage.setItem(this.kept, JSON.stringify({ pending, refusals }));
    else sessionStorage.removeItem(this.kept);
  }
}

/** Not a matter of the network, of a server that is just starting, or of a session to be renewed. */
function isFinal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status < 500 && ![401, 408, 429].includes(error.status);
}

/** The document with edits on top that nobody has confirmed yet; one that does not fit any more shows nothing. */
function onTop(base: Journey, pending: Edit[]): Journey {
  return pending.reduce((document, { ops }) => {
    try {
      return apply(document, ops).document;
    } catch {
      return document;
    }
  }, base);
}
