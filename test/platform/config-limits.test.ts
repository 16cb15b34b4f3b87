import { parseConfig } from '../../src/platform/config';

test.each([
  ['TRUST_PROXY', '0'],
  ['TRUST_PROXY', '2'],
  ['TRUST_PROXY', '10.0.0.1, 10.1.0.0/16, ::1, fd00::/8, loopback'],
  ['ALLOWED_ORIGINS', 'https://page.example, http://localhost:3000'],
  ['ALLOWED_ORIGINS', '["https://page.example"]'],
  ['ALLOW_PRIVATE_BASE_URLS', 'true'],
])('%s may be %s', (name, value) => {
  expect(() => parseConfig({ [name]: value })).not.toThrow();
});

test.each([
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '-1'],
  ['TRUST_PROXY', '11'],
  ['TRUST_PROXY', 'proxy.secret.example'],
  ['TRUST_PROXY', '10.0.0.1,secret'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '0.0.0.0/0'],
  ['TRUST_PROXY', '::/0'],
  ['ALLOWED_ORIGINS', '*'],
  ['ALLOWED_ORIGINS', 'null'],
  ['ALLOWED_ORIGINS', 'https://secret.example/'],
  ['ALLOWED_ORIGINS', 'https://secret.example/path'],
  ['ALLOWED_ORIGINS', 'secret.example'],
  ['ALLOWED_ORIGINS', 'https://*.secret.example'],
  ['ALLOWED_ORIGINS', 'https://user:secret@page.example'],
  ['ALLOWED_ORIGINS', 'chrome-extension://secret'],
  ['ALLOW_PRIVATE_BASE_URLS', 'secret'],
])('%s may not be %s, which is told by name and without the value', (name, value) => {
  const parse = () => parseConfig({ [name]: value });

  expect(parse).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(parse).toThrow(`${name}: expected`);
  expect(parse).not.toThrow('secret');
});
