import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToastStack } from '../../src/core/toast-stack.ts';

/** A clock that the test moves. */
class Clock {
  time = 0;
  readonly waiting = new Set<{ at: number; act: () => void }>();

  now = () => this.time;
  wait = (milliseconds: number, act: () => void) => {
    const timer = { at: this.time + milliseconds, act };
    this.waiting.add(timer);
    return () => void this.waiting.delete(timer);
  };

  pass(milliseconds: number) {
    this.time += milliseconds;
    for (const timer of [...this.waiting].filter(({ at }) => at <= this.time)) {
      this.waiting.delete(timer);
      timer.act();
    }
  }
}

function stack() {
  const clock = new Clock();
  let changes = 0;
  const toasts = new ToastStack<string>(clock, () => changes++);
  return { clock, toasts, said: () => toasts.entries.map(({ toast }) => toast).join(), changes: () => changes };
}

test('toasts stand in the order in which they came, and each goes when its time is over', () => {
  const { clock, toasts, said, changes } = stack();
  toasts.add('short', 100);
  toasts.add('stays', undefined);
  toasts.add('long', 300);
  assert.equal(said(), 'short,stays,long');
  clock.pass(100);
  assert.equal(said(), 'stays,long');
  clock.pass(200);
  assert.equal(said(), 'stays');
  clock.pass(1_000_000);
  assert.equal(said(), 'stays');
  assert.equal(changes(), 5);
});

test('time stands still while they are held, for those that come meanwhile as well', () => {
  const { clock, toasts, said } = stack();
  toasts.add('first', 100);
  clock.pass(60);
  toasts.hold(true);
  toasts.add('second', 50);
  clock.pass(1_000);
  assert.equal(said(), 'first,second');
  toasts.hold(false);
  clock.pass(39);
  assert.equal(said(), 'first,second');
  clock.pass(1);
  assert.equal(said(), 'second');
  clock.pass(10);
  assert.equal(said(), '');
});

test('dismissing one or all leaves no timer behind, and is done once', () => {
  const { clock, toasts, said, changes } = stack();
  const key = toasts.add('first', 100);
  toasts.add('second', 100);
  toasts.add('third', 100);
  toasts.dismiss(key);
  toasts.dismiss(key);
  assert.equal(said(), 'second,third');
  assert.equal(changes(), 4);
  toasts.clear();
  assert.equal(said(), '');
  assert.equal(clock.waiting.size, 0);
});
