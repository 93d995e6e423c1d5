// A shop's receiver of webhooks, which keeps what was delivered to it.

import { createServer } from "node:http";
import { until } from "./wait.mjs";

/**
 * Listens on a free port of this machine.
 *
 * @returns `url`, `next(type)` for the first delivery of an event of that type, and `close()`
 */
export async function startReceiver() {
  const deliveries = [];
  const server = createServer(async (request, answer) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    deliveries.push({ body, signature: request.headers["stripe-signature"] });
    answer.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/webhooks`,
    next: (type) =>
      until(`a webhook ${type}`, async () =>
        deliveries.find(({ body }) => JSON.parse(body).type === type),
      ),
    close: () => server.close(),
  };
}
