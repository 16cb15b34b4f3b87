type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A new element; texts among `children` stay texts, whatever they hold. `false` and undefined leave an attribute out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** A button that does `act`. */
export function button(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

/** A link to another page, which gets no handle of this one. */
export function outLink(href: string, text: string): HTMLAnchorElement {
  return element('a', { href, rel: 'noopener noreferrer', target: '_blank' }, text);
}

/** The element of the page with this id. @throws where page.html has none of that kind. */
export function found<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const there = document.getElementById(id);
  if (there instanceof kind) return there;
  throw new Error(`page.html has no ${kind.name} with the id ${id}`);
}

/** Sets the text only where it changes, so that nothing is laid out for nothing. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** The same for an attribute; undefined removes it. */
export function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
