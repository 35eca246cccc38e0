import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDatabaseUrl } from '../../../agent/postgres/database-url.ts';

const read = (url: string): string => readDatabaseUrl(url, 'without password');

test('a database on this machine is reached as it is said', () => {
  for (const url of [
    'postgresql://issuer@localhost/issuer',
    'postgres://issuer@127.0.0.1:5433/issuer',
    'postgresql://issuer@localhost/issuer?host=%2Frun%2Fpostgresql',
  ])
    assert.equal(read(url), url);
});

test('over a network it is reached with TLS and a verified certificate, unless it says that it shall not be', () => {
  assert.equal(new URL(read('postgresql://issuer@db/issuer')).searchParams.get('sslmode'), 'verify-full');
  const plain = 'postgresql://issuer@db/issuer?sslmode=disable';
  assert.equal(read(plain), plain);
});

test('what would let anybody be the server, or loosen what the server does, is refused', () => {
  for (const query of [
    'sslmode=require',
    'sslmode=no-verify',
    'ssl=true',
    'options=-c%20synchronous_commit%3Doff',
  ]) {
    assert.throws(() => read(`postgresql://issuer@db/issuer?${query}`), { code: 'DATABASE_INVALID' });
  }
});

test('a password is refused where it would be written down, and never told', () => {
  const url = 'postgresql://issuer:s3cret@localhost/issuer';
  assert.throws(
    () => read(url),
    (error: unknown) => error instanceof Error && !error.message.includes('s3cret'),
  );
  assert.equal(readDatabaseUrl(url, 'with or without password'), url);
});

test('what is no URL of a database is refused', () => {
  for (const url of [
    '',
    'issuer',
    'https://db.example.org/issuer',
    'postgresql://db.example.org',
    'postgresql:///',
  ]) {
    assert.throws(() => read(url), { code: 'DATABASE_INVALID' }, url);
  }
});
