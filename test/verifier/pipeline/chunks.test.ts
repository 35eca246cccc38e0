import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  candidatesOf,
  cardsInTurn,
  onePerCard,
  pilesOf,
  type FoundChunk,
  type Pile,
} from '../../../verifier/pipeline/chunks.ts';

/** A chunk as `1/2 a`: its place, how many there are, what it holds. */
function found(words: string): FoundChunk {
  const [, index, total, text = ''] = /^(\d+)\/(\d+) (.*)$/.exec(words) ?? [];
  return {
    source: '',
    chunk: { scheme: 'shc', chunk: { index: Number(index), total: Number(total) }, text },
  };
}

const all = (...words: readonly string[]): Pile => words.map(found);
const texts = (piles: readonly Pile[] | undefined): readonly string[] | undefined =>
  piles?.map((pile) => pile.map(({ chunk }) => chunk.text).join(''));

test('a pile is of one total, in the order of finding, each content once under its place', () => {
  const piles = pilesOf(all('2/2 a', '1/3 b', '2/2 a', '1/2 a', '1/2 c'));
  assert.deepEqual(texts(piles), ['aac', 'b']);
  assert.deepEqual(pilesOf([]), []);
});

test('a pile could hold a card for every choice of content under each place', () => {
  assert.deepEqual(texts(candidatesOf(all('2/2 y', '1/2 a', '1/2 b', '2/2 z'))), ['ay', 'az', 'by', 'bz']);
  assert.deepEqual(candidatesOf(all('1/3 a', '3/3 c')), []);
  assert.deepEqual(candidatesOf([]).flat(), []);
});

test('64 choices are tried, and not one more', () => {
  const eight = Array.from({ length: 8 }, (_, n) => [`1/2 a${n}`, `2/2 b${n}`]).flat();
  assert.equal(candidatesOf(all(...eight)).length, 64);
  assert.equal(candidatesOf(all(...eight, '1/2 a8')).length, 0);
});

test('cards are in turn if each is whole before the next begins', () => {
  assert.deepEqual(texts(cardsInTurn(all('2/2 b', '1/2 a', '1/2 c', '2/2 d'))), ['ba', 'cd']);
  assert.deepEqual(texts(cardsInTurn([])), []);
  assert.equal(cardsInTurn(all('1/2 a', '1/2 c', '2/2 b', '2/2 d')), undefined);
  assert.equal(cardsInTurn(all('1/2 a', '2/2 b', '1/2 c')), undefined);
});

test('what is left is of as many cards as stand under one place', () => {
  assert.deepEqual(texts([onePerCard(all('2/2 b', '1/2 a', '1/2 c'))]), ['ac']);
  assert.deepEqual(onePerCard([]), []);
});
