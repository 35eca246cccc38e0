interface Waiting {
  readonly go: () => void;
  readonly failed: (error: Error) => void;
}

/** So many at a time; the others wait for their turn, and fail together if there is nothing to wait for. */
export class Places {
  readonly #waiting: Waiting[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a place; whoever has one gives it back. */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((go, failed) => this.#waiting.push({ go, failed }));
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.go();
  }

  /** Refuses all who wait. */
  refuse(error: Error): void {
    for (const { failed } of this.#waiting.splice(0)) failed(error);
  }
}
