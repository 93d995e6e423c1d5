// A line to the API that keeps every answer that passes, and may lose some of them.

import { createServer, request as ask } from "node:http";

/**
 * Listens on a free port, passes everything on to `origin`, and drops the first `drops` answers.
 *
 * @returns `api`, its address; `passed`: how many requests were passed on; `answers`, each with
 *   what was `asked` and the `body` as it came; and `close()`
 */
export async function startLine(origin, drops = 0) {
  const line = { passed: 0, answers: [] };
  const server = createServer((request, answer) => {
    line.passed += 1;
    const isDropped = line.passed <= drops;
    const { method, headers, url } = request;
    const onward = ask(origin + url, { method, headers }, (reply) => {
      const chunks = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      // Only when the whole answer is there is the request sure to be done.
      reply.once("end", () => {
        const body = Buffer.concat(chunks);
        line.answers.push({ asked: `${method} ${url}`, body: body.toString("utf8") });
        if (isDropped) request.socket.destroy();
        else answer.writeHead(reply.statusCode, reply.headers).end(body);
      });
    });
    // A server that dies takes the connection of whoever asks with it.
    onward.once("error", () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  line.api = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(line, { close: () => server.close() });
}
