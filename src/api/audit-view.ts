import { z } from 'zod';
import { instantSchema } from '../domain/instant';
import type { AuditEntry } from '../store/access-store';

export const auditEntrySchema = z
  .object({
    audit_id: z.guid(),
    at: instantSchema,
    key_id: z
      .string()
      .nullable()
      .meta({ description: 'Whose key; null for the command line, and where none was required' }),
    action: z.string(),
    target: z.string().nullable().meta({ description: 'What it was done to, where that is known' }),
    status: z
      .int()
      .nullable()
      .meta({ description: 'Of the answer; null while it is being made, and where that was cut off' }),
    request_id: z.string(),
    address: z.string(),
  })
  .meta({ id: 'AuditEntry' });

/** An entry as the API and the command line show it. */
export function auditEntryView({
  auditId,
  at,
  keyId,
  action,
  target,
  status,
  requestId,
  address,
}: AuditEntry): z.infer<typeof auditEntrySchema> {
  return {
    audit_id: auditId,
    at: at.toISOString(),
    key_id: keyId,
    action,
    target,
    status,
    request_id: requestId,
    address,
  };
}
