// Sums as the pages show them, and the arithmetic of the marketplace as its terms describe it.
// Written from the terms alone, so that it can catch the program in a mistake.

/** Minor units of `$1,234.50`, or of the same sum in Arabic, `1,234.50 US$`. */
export function minor(text) {
  const digits = /-?[\d,]+\.\d\d/.exec(text);
  if (!digits) throw new Error(`no sum in ${JSON.stringify(text)}`);
  return Math.round(Number(digits[0].replaceAll(",", "")) * 100);
}

/** `$1,234.50` of minor units of US dollars. */
export function dollars(amount) {
  const whole = String(Math.trunc(amount / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `$${whole}.${String(amount % 100).padStart(2, "0")}`;
}

/**
 * Splits `amount` in proportion to `weights`. Each share is floored; what is left goes one by one
 * to the shares with the largest remainders, the earlier one first where two are equal.
 */
export function splitByLargestRemainder(amount, weights) {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const exact = weights.map((weight, place) => {
    const product = BigInt(amount) * BigInt(weight);
    return { place, floor: product / whole, remainder: product % whole };
  });
  let left = BigInt(amount) - exact.reduce((sum, share) => sum + share.floor, 0n);
  const byRemainder = [...exact].sort((a, b) =>
    a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return exact.map((share) => Number(share.floor));
}

/** The platform's fee of 5 %, floored: the seller keeps the fraction of a cent. */
export function platformFee(amount) {
  return Number((BigInt(amount) * 5n) / 100n);
}
