/** Where this tab keeps its key: it ends with the tab, and no other page and no request gets it by itself. */
const NAME = 'tickwire-api-key';

let isShut = false;
const onShut: (() => void)[] = [];
const onLack: ((detail: string) => void)[] = [];

/** The API key that this tab was given; undefined where there is none. */
export function heldKey(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? undefined;
  } catch {
    // A browser may keep nothing for a page.
    return undefined;
  }
}

/** @throws where the browser keeps nothing for this page. */
export function holdKey(key: string): void {
  sessionStorage.setItem(NAME, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
}

/** True from the moment the service would not say anything without another key. The page begins anew once it has one. */
export function isLocked(): boolean {
  return isShut;
}

export function lock(): void {
  if (isShut) return;
  isShut = true;
  for (const tell of onShut) tell();
}

export function onLocked(tell: () => void): void {
  onShut.push(tell);
}

/** Tells that the key is good and not allowed something; `detail` is the service's sentence. */
export function tellLacking(detail: string): void {
  for (const tell of onLack) tell(detail);
}

export function onLacking(tell: (detail: string) => void): void {
  onLack.push(tell);
}
