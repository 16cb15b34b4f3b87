import { heldKey } from './access';
import { fetchFile, sentenceOf } from './api';
import { button, element, outLink, setText } from './element';

/** A file of a job, as the service lists it. */
export interface JobFile {
  readonly name: string;
  readonly href: string;
}

/** Opens a file, or saves it where a key has to go with the request, which a link cannot send. */
export function fileLink(file: JobFile, text: string): HTMLElement {
  if (heldKey() === undefined) return outLink(file.href, text);
  const made = button(text, () => void save(file).catch((error: unknown) => setText(made, sentenceOf(error))));
  made.classList.add('as-link');
  return made;
}

/** A chart, which opens or saves whole. */
export function fileChart(file: JobFile, name: string): HTMLElement {
  const image = element('img', { alt: `Chart: ${name}`, loading: 'lazy' });
  const link = fileLink(file, '');
  link.append(image);
  if (heldKey() === undefined) image.src = file.href;
  else void showIn(image, file).catch((error: unknown) => setText(link, sentenceOf(error)));
  return link;
}

/** As text in the address, which the policy of the page allows for images; a drawing in one runs nothing and loads nothing. */
async function showIn(image: HTMLImageElement, { href }: JobFile): Promise<void> {
  const drawing = await (await fetchFile(href)).text();
  image.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}

async function save({ href, name }: JobFile): Promise<void> {
  const address = URL.createObjectURL(await fetchFile(href));
  element('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
