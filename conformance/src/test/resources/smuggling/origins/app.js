// A server of Node's own module, with its default settings. Writes one line for each request, in their order: 0, status,
// request line, host, body, and all fields as they came, which is what SeenRequest reads.
'use strict';
const fs = require('node:fs');
const http = require('node:http');

const [port, log] = process.argv.slice(2);
const lines = fs.openSync(log, 'a');

const escaped = (text) =>
  text.replace(/[^ !#-[\]-~]/g, (c) => '\\x' + c.charCodeAt(0).toString(16).padStart(2, '0'));

function seen(status, request, body) {
  const fields = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    fields.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  for (let i = 0; i < request.rawTrailers.length; i += 2) {
    fields.push(`trailer ${request.rawTrailers[i]}: ${request.rawTrailers[i + 1]}`);
  }
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
  const columns = ['0', status, line, request.headers.host ?? '-', body, ...fields];
  fs.writeSync(lines, columns.map((column) => escaped(String(column))).join('\t') + '\n');
}

function answer(status, request, response) {
  const body = 'read\n';
  response.writeHead(status, {
    'Content-Length': body.length,
    'X-Seen': `${request.method} ${request.url} HTTP/${request.httpVersion}`,
  });
  response.end(body);
}

const server = http.createServer((request, response) => {
  const { socket } = request;
  socket.inRequest = true;
  request.on('end', () => (socket.inRequest = false));
  if (request.url.includes('/unread')) {
    seen(200, request, '-');
    answer(200, request, response);
    return;
  }
  const pieces = [];
  let whole = false;
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    whole = true;
    seen(200, request, Buffer.concat(pieces).toString('latin1') || '-');
    answer(200, request, response);
  });
  request.on('error', () => {});
  request.on('close', () => whole || seen(0, request, '-'));
});

// What Node does by itself, and a line of it.
server.on('checkExpectation', (request, response) => {
  seen(417, request, '-');
  answer(417, request, response);
});

// Bytes that are no request, also what is left behind one. The end of a request under way is told by itself.
server.on('clientError', (error, socket) => {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.inRequest) {
    socket.destroy();
    return;
  }
  const line = (error.rawPacket ?? Buffer.from(error.code)).toString('latin1').split('\r\n', 1)[0];
  fs.writeSync(lines, `0\t400\t${escaped(line)}\t-\t-\n`);
  socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
});

server.listen(Number(port), '127.0.0.1');
