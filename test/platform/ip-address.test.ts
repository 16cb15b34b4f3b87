import { addressKindOf, clientNetworkOf, isAddressOrNetwork, plainAddressOf } from '../../src/platform/ip-address';

test.each([
  ['8.8.8.8', 'public'],
  ['93.184.216.34', 'public'],
  ['2606:4700::6810:84e5', 'public'],
  ['64:ff9b::8.8.8.8', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['64:ff9b::10.0.0.1', 'private'],
  ['64:ff9b::a9fe:a9fe', 'reserved'],
  ['169.254.169.254', 'reserved'],
  ['169.254.170.2', 'reserved'],
  ['::ffff:169.254.169.254', 'reserved'],
  ['fd00:ec2::254', 'reserved'],
  ['fd20:ce::254', 'reserved'],
  ['100.100.100.200', 'reserved'],
  ['192.0.0.192', 'reserved'],
  ['168.63.129.16', 'reserved'],
  ['fe80::1', 'reserved'],
  ['fe80::1%eth0', 'reserved'],
  ['0.0.0.0', 'reserved'],
  ['0.1.2.3', 'reserved'],
  ['::', 'reserved'],
  ['224.0.0.1', 'reserved'],
  ['ff02::1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['2002:a00:1::', 'reserved'],
  ['2001::1', 'reserved'],
  ['::a00:1', 'reserved'],
  ['fec0::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['localhost', 'reserved'],
  ['2130706433', 'reserved'],
  ['', 'reserved'],
])('%s is %s', (address, kind) => {
  expect(addressKindOf(address)).toBe(kind);
});

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['a:b', 'a:b'],
])('the client at %s counts as %s', (address, network) => {
  expect(clientNetworkOf(address)).toBe(network);
});

test.each([
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['::FFFF:0102:0304', '1.2.3.4'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['1.2.3.4', '1.2.3.4'],
  ['1.2.3', undefined],
  ['01.2.3.4', undefined],
  ['nobody', undefined],
])('%s is written %s', (given, written) => {
  expect(plainAddressOf(given)).toBe(written);
});

test.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['fd00::/8', true],
  ['::1', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/0', false],
  ['::/0', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/-1', false],
  ['11', false],
  ['example.com', false],
])('%s names an address or a network that is not everybody: %s', (text, does) => {
  expect(isAddressOrNetwork(text)).toBe(does);
});
