import { forgetKey, heldKey, holdKey, onLacking, onLocked } from './access';
import { isAccepted, sentenceOf } from './api';
import { found, setAttribute, setText } from './element';

const KEY_FORM = /^tw_[\w-]+$/;

/** What the page shows of access: a form where the service wants a key, a way to forget the key there is, and what that key may not do. */
export function openAccess(): void {
  const forget = found('access-forget', HTMLButtonElement);
  if (heldKey() !== undefined) document.body.dataset.keyed = 'true';
  forget.hidden = heldKey() === undefined;
  forget.addEventListener('click', () => {
    forgetKey();
    // Nothing that the key has shown stays.
    location.reload();
  });
  onLocked(() => {
    found('access', HTMLElement).hidden = false;
    document.body.dataset.locked = 'true';
    tell(heldKey() === undefined ? 'This service wants an API key.' : 'The service does not accept this key any more.');
  });
  found('access-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void useKey(found('access-key', HTMLInputElement).value.trim()).then(tell);
  });
  openLacking();
}

/** Begins the page anew with the key where the service accepts it; else what is wrong with it. */
async function useKey(key: string): Promise<string> {
  if (!KEY_FORM.test(key)) return 'That is no API key: it begins with tw_ and has no blanks.';
  try {
    if (!(await isAccepted(key))) return 'The service does not accept this key.';
  } catch (error) {
    return `The key could not be tried: ${sentenceOf(error)}.`;
  }
  try {
    holdKey(key);
  } catch {
    return 'This browser keeps nothing for this page, so it cannot keep the key.';
  }
  found('access-key', HTMLInputElement).value = '';
  location.reload();
  return '';
}

function tell(text: string): void {
  const input = found('access-key', HTMLInputElement);
  const told = found('access-told', HTMLElement);
  // The same sentence again is said again.
  told.textContent = '';
  setText(told, text);
  setAttribute(input, 'aria-invalid', text !== '' && input.value !== '' ? 'true' : undefined);
  if (text !== '') input.focus();
}

function openLacking(): void {
  const told = new Set<string>();
  onLacking((detail) => {
    told.add(detail);
    found('access-lacking', HTMLElement).hidden = false;
    const sentence = [...told].join('; ');
    setText(found('access-lacking', HTMLElement), `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`);
  });
}
