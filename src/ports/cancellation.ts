/** Somebody asks us to stop: the runner on cancel (SIGINT, 7.5 s later SIGTERM), a terminal, a service manager. */
export interface Cancellation {
  /** Calls `cancel` at the first request, at once if it came already; later requests are ignored. Returns the way to stop listening. */
  onCancel(cancel: (signal: NodeJS.Signals) => void): () => void
}
