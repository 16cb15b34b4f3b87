/** The address when it is one of the web; undefined for `javascript:`, `data:` and all else that a headline's link must not be. */
export function safeLink(address: string | null | undefined): string | undefined {
  try {
    const url = new URL(address ?? '');
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
