import { expect, test } from "vitest";
import { Accounts } from "../soak/accounts.js";

/** The attempt that ends the thread. */
class Ended extends Error {}

function endedInside(done: number): Accounts {
  const accounts = new Accounts(2, 3);
  const attempt = (n: number) => {
    if (n === done) throw new Ended();
    return true;
  };
  expect(() => accounts.keep(1, 2, done + 1, attempt)).toThrow(Ended);
  return accounts;
}

test("an account has what came of each attempt", () => {
  const accounts = new Accounts(2, 3);
  const told: number[] = [];
  accounts.keep(1, 2, 4, (n) => {
    told.push(n);
    return told.length !== 2;
  });
  expect(told).toEqual([0, 1, 1, 2]);
  expect(accounts.read(1, 2)).toEqual({ done: 3, refused: 1, inside: false });
  expect(accounts.read(0, 2)).toEqual({ done: 0, refused: 0, inside: false });
});

test("of a thread that ended inside an attempt that one alone is unknown, until it is settled", () => {
  const accounts = endedInside(5);
  expect(accounts.read(1, 2)).toEqual({ done: 5, refused: 0, inside: true });
  accounts.settle(1, 2, 6);
  expect(accounts.read(1, 2)).toEqual({ done: 6, refused: 0, inside: false });
});

test("who made it of the same memory sees the same", () => {
  const { memory } = endedInside(1);
  expect(new Accounts(2, 3, memory).read(1, 2).inside).toBe(true);
});
