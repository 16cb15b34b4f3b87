/** What a key may be allowed to do. `admin` allows everything, and alone manages keys and sees what belongs to others. */
export const SCOPES = ['prices:read', 'jobs:write', 'models:run', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export interface Caller {
  /** Of the key, the same before and after a rotation; null where no key was given because none is required. */
  readonly keyId: string | null;
  readonly scopes: readonly Scope[];
}

/** Everybody, where no keys are required: may do everything and owns nothing of its own. */
export const ANYBODY: Caller = { keyId: null, scopes: ['admin'] };

export function isAllowed({ scopes }: Caller, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

/** Whether `caller` may know of what belongs to `owner`; what belongs to nobody (seeded from the configuration, or made while no keys were required) is everybody's. */
export function mayKnow({ keyId, scopes }: Caller, owner: string | null): boolean {
  return owner === null || owner === keyId || scopes.includes('admin');
}

/** Whether `caller` may change what belongs to `owner`: only what is its own; with `admin` everything, and nobody else what belongs to nobody. */
export function mayChange({ keyId, scopes }: Caller, owner: string | null): boolean {
  return (owner !== null && owner === keyId) || scopes.includes('admin');
}
