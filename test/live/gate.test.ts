import { Gate } from '../../src/live/gate';

test('the sockets of an IPv6 network count as those of one address, and are free again when they leave', () => {
  const gate = new Gate({ limits: { connections: 10, connectionsPerAddress: 2 }, origins: [] });

  const leave = [gate.enter('2001:db8:1:2::1'), gate.enter('2001:db8:1:2::2')];
  const full = gate.fullnessOf('2001:db8:1:2:ffff::3');
  const neighbour = gate.fullnessOf('2001:db8:1:3::1');
  leave[0]?.();

  expect(full).toMatchObject({ code: 'LIVE_FULL' });
  expect(neighbour).toBeUndefined();
  expect(gate.fullnessOf('2001:db8:1:2:ffff::3')).toBeUndefined();
  expect(gate.addresses).toBe(1);
});
