import { createHash } from 'node:crypto';
import type { AsyncApiChannel, AsyncApiDocument, AsyncApiMessage, AsyncApiOperation } from './async-api';

const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --dim: #5b6773; --line: #dfe4e9; --ground: #fbfcfd; --card: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --dim: #93a0ad; --line: #26303a; --ground: #0f151b; --card: #151d25; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1, h2, h3 { line-height: 1.2; letter-spacing: -.01em; }
h2 { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
a { color: inherit; text-underline-offset: .2em; }
.dim { color: var(--dim); }
section.message { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .25rem 1rem 1rem; margin: 1rem 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 500; }
pre { margin: .75rem 0 0; padding: .75rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; font-size: .85rem; }
code { font-size: .9em; }
`;

/** For the page: it holds exactly this style; nothing else is loaded or run. */
export const ASYNC_API_ALLOWED = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The document to be read: one page without any script. */
export function asyncApiPage(document: AsyncApiDocument): string {
  const { info, channels } = document;
  const sections = Object.entries(channels).map(([name, channel]) => channelSection(name, channel, document));
  const links = Object.entries(channels).map(
    ([name, { address, title }]) =>
      `<li><a href="#${attribute(name)}"><code>${text(address)}</code></a> <span class="dim">${text(title)}</span></li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} topics and sockets</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(info.title)} ${text(info.version)}: topics and sockets</h1>
<p>${prose(info.description)}</p>
<p>The same as <a href="/asyncapi.json">AsyncAPI ${text(document.asyncapi)}</a>; requests are described in <a href="/docs">/docs</a>.</p>
<nav aria-label="Topics and sockets"><ul>${links.join('\n')}</ul></nav>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function channelSection(name: string, channel: AsyncApiChannel, { operations }: AsyncApiDocument): string {
  const own = Object.values(operations).filter((each) => each.channel.$ref === `#/channels/${name}`);
  return `<section aria-labelledby="${attribute(name)}">
<h2 id="${attribute(name)}"><code>${text(channel.address)}</code></h2>
<p>${text(channel.title)}</p>
${channel.description === undefined ? '' : `<p class="dim">${prose(channel.description)}</p>`}
<ul>${own.map((operation) => operationItem(operation)).join('')}</ul>
${Object.values(channel.messages).map(messageSection).join('\n')}
</section>`;
}

function operationItem({ action, summary, messages }: AsyncApiOperation): string {
  const names = messages.map(({ $ref }) => `<code>${text($ref.split('/').at(-1) ?? '')}</code>`);
  return `<li>${action === 'send' ? 'The service sends' : 'The service receives'} ${names.join(', ')}: ${text(summary)}</li>`;
}

function messageSection({ name, title, contentType, payload, bindings, examples = [] }: AsyncApiMessage): string {
  const key = bindings?.kafka.key.description;
  const shown = examples.map(({ payload: example }) => `<pre>${text(JSON.stringify(example, null, 2))}</pre>`);
  return `<section class="message">
<h3><code>${text(name)}</code> <span class="dim">${text(contentType)}</span></h3>
<p>${text(title)}</p>
${key === undefined ? '' : `<p>Key: ${text(key)}</p>`}
${fieldTable(payload) ?? `<p>${text(typeOf(payload))}</p>`}
${shown.join('\n')}
</section>`;
}

/** Undefined for what has no fields. */
function fieldTable({ properties, required }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isObject(properties)) return undefined;
  const fields = Object.entries(properties).map(([name, property]) => {
    const { description } = isObject(property) ? property : {};
    const isRequired = Array.isArray(required) && required.includes(name);
    return { name, type: typeOf(property), isRequired, meaning: description === undefined ? '' : String(description) };
  });
  const isExplained = fields.some(({ meaning }) => meaning !== '');
  const rows = fields.map(({ name, type, isRequired, meaning }) => {
    const left = isRequired ? '' : ' <span class="dim">may be left out</span>';
    const last = isExplained ? `<td>${prose(meaning)}</td>` : '';
    return `<tr><td><code>${text(name)}</code>${left}</td><td>${text(type)}</td>${last}</tr>`;
  });
  const head = `<th>Field</th><th>Type</th>${isExplained ? '<th>Meaning</th>' : ''}`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** A schema's type in a few words. */
function typeOf(schema: unknown): string {
  if (!isObject(schema)) return 'anything';
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  if (isObject(schema.additionalProperties)) return `map to ${typeOf(schema.additionalProperties)}`;
  if (isObject(schema.properties)) return `{${Object.keys(schema.properties).join(', ')}}`;
  return [schema.type, schema.format].filter((part) => part !== undefined).join(', ') || 'anything';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Escaped text in which `this` is code. */
function prose(markdown: string): string {
  return text(markdown).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(raw: string): string {
  return text(raw).replaceAll('"', '&quot;');
}
