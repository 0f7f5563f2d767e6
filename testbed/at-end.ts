type Ending = () => void | Promise<void>

const endings: Ending[] = []

/** What has to be undone or ended however a test file, or a command of the test bed, ends; the last one comes first. */
export function atEnd(ending: Ending): void {
  endings.push(ending)
}

/** Called once by whoever runs: Jest's set-up of the slow tests, or the command. */
export async function endAll(): Promise<void> {
  for (const ending of endings.splice(0).reverse()) await ending()
}
