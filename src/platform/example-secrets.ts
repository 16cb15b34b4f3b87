import type { Environment } from './environment';

/** What stands in examples, tutorials and defaults of other products, and is tried first by whoever wants in; with a number behind it too. */
const EXAMPLES = new Set([
  ...['password', 'passwd', 'pass', 'secret', 'postgres', 'postgresql', 'redis', 'kafka', 'tickwire', 'admin', 'root'],
  ...['user', 'guest', 'default', 'test', 'example', 'demo', 'foobared', 'qwerty', 'letmein', 'welcome', 'trustno1'],
]);

/** Texts that say themselves that they are to be replaced. */
const PLACEHOLDER =
  /change.?(me|this)|replace.?(me|this|with)|your.?(password|secret|key)|^<.*>$|^x+$|example.?(password|secret|key)/i;

/** Secrets that are no secret, by the name of their variable and never with their value. What is left out is not judged: other ways than a password may keep it. */
export function exampleSecretsIn(environment: Environment): readonly string[] {
  const secrets: Readonly<Record<string, string | undefined>> = {
    DATABASE_URL: passwordIn(environment.DATABASE_URL),
    DB_PASSWORD: environment.DB_PASSWORD,
    POSTGRES_PASSWORD: environment.POSTGRES_PASSWORD,
    REDIS_URL: passwordIn(environment.REDIS_URL),
    KAFKA_SASL_PASSWORD: environment.KAFKA_SASL_PASSWORD,
    API_KEY_SECRET: environment.API_KEY_SECRET,
  };
  return Object.entries(secrets).flatMap(([name, secret]) => (secret !== undefined && isExample(secret) ? [name] : []));
}

/** `Pass-word` is no better than `password`. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function isExample(secret: string): boolean {
  const text = plain(secret);
  return EXAMPLES.has(text) || EXAMPLES.has(text.replace(/\d+$/, '')) || PLACEHOLDER.test(secret) || isMonotone(secret);
}

/** `00000000000000000000000000000000`, `12345678`. */
function isMonotone(secret: string): boolean {
  return new Set(secret).size === 1 || '01234567890'.includes(secret);
}

function passwordIn(url: string | undefined): string | undefined {
  const text = url?.replace(/^(postgres(?:ql)?)\+asyncpg:/, '$1:');
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { password } = new URL(text);
  return password === '' ? undefined : decoded(password);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
