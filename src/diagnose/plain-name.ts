/** A captured name as it may stand in a line to paste: only characters that mean nothing to a shell; else `null`. */
export function plainName(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && /^[\w.~/@+][\w.~/@+-]{0,299}$/.test(text) ? text : null
}
