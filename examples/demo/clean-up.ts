/** What has to be undone, in the opposite order, however the work ends. */
export class CleanUp {
  readonly #steps: (() => void | Promise<void>)[] = [];

  defer(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  /** Takes every step, also after one that failed; says whether all succeeded. */
  async run(): Promise<boolean> {
    let succeeded = true;
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        succeeded = false;
        console.error("clean-up failed:", error);
      }
    }
    return succeeded;
  }
}
