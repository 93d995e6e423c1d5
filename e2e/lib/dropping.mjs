// A line to the API that breaks: it passes a request on, and drops the answer.

import { createServer, request as ask } from "node:http";

/**
 * Listens on a free port, passes everything on to `origin`, and drops the first `drops` answers.
 *
 * @returns `port`, `passed`: how many requests were passed on, and `close()`
 */
export async function startDroppingLine(origin, drops) {
  const line = { passed: 0 };
  const server = createServer((request, answer) => {
    line.passed += 1;
    const isDropped = line.passed <= drops;
    const { method, headers } = request;
    const onward = ask(origin + request.url, { method, headers }, (reply) => {
      // Only when the whole answer is there is the request sure to be done.
      if (isDropped) reply.resume().once("end", () => request.socket.destroy());
      else reply.pipe(answer.writeHead(reply.statusCode, reply.headers));
    });
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(line, { port: server.address().port, close: () => server.close() });
}
