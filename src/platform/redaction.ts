import type { Environment } from './environment';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** A text without secrets; the same text where it holds none. Cheap for those: one pass of each pattern, nothing is allocated. */
export type Clean = (text: string) => string;

/** Shorter values are words that stand for other things as well; no vendor, broker or database gives out such keys. */
const SHORTEST_SECRET = 6;
/** Of shorter ones so little is left in the middle of a base64 text that anything could hold it. */
const SHORTEST_IN_BASE64 = 9;

/** Cleans texts of `secrets`, in every spelling in which a client, a server or a URL may repeat them: as they are, escaped, percent-encoded, in base64. */
export function cleanOf(secrets: readonly string[]): Clean {
  const spellings = [...new Set(secrets.filter(Boolean).flatMap(spellingsOf))];
  if (spellings.length === 0) return (text) => text;
  const longestFirst = spellings.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
  return (text) => text.replace(pattern, REDACTED);
}

/** Secrets by their form, whoever they belong to. Each pattern takes linear time: what may repeat is bounded. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^\s/?#"'<>]{1,512}@/g, `://${REDACTED}@`],
  [
    /([?&][\w.-]{0,20}(?:token|key|secret|passw|signature|ticket|crumb|auth)[\w.-]{0,20}=)[^&\s"'#<>]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(Bearer|Basic) +[\w.~+/=-]{12,}/gi, `$1 ${REDACTED}`],
  [/\btw_([a-z0-9]{12})_[\w-]{43}/g, `tw_$1_${REDACTED}`],
  [/-----BEGIN[A-Z ]{0,30}PRIVATE KEY-----[\w\s+/=\\]*/g, REDACTED],
];

/**
 * Cleans texts of `secrets`, and of what has the form of one: credentials in URLs, tokens in query strings, `Authorization` values, keys of callers (their id
 * stays), private keys.
 */
export function cleanEverythingOf(secrets: readonly string[]): Clean {
  const clean = cleanOf(secrets);
  return (text) => FORMS.reduce((rest, [form, stand]) => rest.replace(form, stand), clean(text));
}

/** Cleans every text and key of a JSON value; numbers stay as they are. */
export function redactJson(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => redactJson(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), redactJson(item, clean)]));
}

const IS_SECRET = /(_KEY|PASSWORD|_TOKEN|_SECRET)$/;

/** What this process must not tell anybody: the values of its secret variables, and the passwords within its URLs and header lists. */
export function secretsOf(environment: Environment): readonly string[] {
  const secrets = Object.entries(environment).flatMap(([name, value]) => {
    if (IS_SECRET.test(name)) return [value];
    if (name.endsWith('_URL')) return secretsOfUrl(value);
    return name.endsWith('_HEADERS') ? secretsOfHeaders(value) : [];
  });
  return [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { password, searchParams } = new URL(text);
  const parameters = [...searchParams].flatMap(([name, value]) =>
    /passw|token|key|secret/i.test(name) ? [value] : [],
  );
  return [password, decoded(password), ...parameters];
}

/** `name=value,name=value` as OpenTelemetry writes headers, percent-encoded; of `Bearer abc` the second word. */
function secretsOfHeaders(text: string): string[] {
  return text.split(',').flatMap((pair) => {
    const value = pair.slice(pair.indexOf('=') + 1).trim();
    const words = decoded(value).split(' ');
    return [value, decoded(value), words.at(-1) ?? ''];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function spellingsOf(secret: string): string[] {
  const percent = [
    encodeURIComponent(secret),
    encodeURI(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
  const lowerCase = percent.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [secret, JSON.stringify(secret).slice(1, -1), ...percent, ...lowerCase, ...base64Of(secret)];
}

/**
 * What base64 makes of a secret wherever it stands in a longer text, such as `user:password`: it depends on the position modulo three, and the first and
 * the last letters on what stands beside it, so that those are left out.
 */
function base64Of(secret: string): string[] {
  const whole = Buffer.from(secret);
  if (whole.length < SHORTEST_IN_BASE64) return [];
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), whole]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString('base64').slice(first, last), bytes.toString('base64url').slice(first, last)];
  });
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
