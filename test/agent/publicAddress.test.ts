import assert from 'node:assert/strict';
import { isPublicAddress } from '../../src/agent/publicAddress.ts';

const inside =
  '0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 168.63.129.16 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255';
const insideV6 =
  ':: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:168.63.129.16 fd00:ec2::254 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2001::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 ff02::1 2001:db8::1 ::127.0.0.1 ::7f00:1 ::a00:1 4000::1';
const odd = ['', 'localhost', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '1.2.3', 'example.org', '1.2.3.4/8'];
const outside = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'];

describe('public addresses', () => {
  for (const address of [...inside.split(' '), ...insideV6.split(' ')]) {
    it(`are not such as ${address}`, () => assert.equal(isPublicAddress(address), false));
  }
  for (const address of odd) {
    it(`are written out: ${JSON.stringify(address)} is none`, () => assert.equal(isPublicAddress(address), false));
  }
  for (const address of outside) it(`are such as ${address}`, () => assert.equal(isPublicAddress(address), true));
});
