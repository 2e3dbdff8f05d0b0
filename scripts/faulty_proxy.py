"""Passes requests on, and answers those for one path with 500: a fault that is planted, to see that it is found.

faulty_proxy.py LISTEN SERVER PATH
"""

import http.client
import http.server
import sys


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        server = http.client.HTTPConnection(sys.argv[2])
        server.request(self.command, self.path, body, dict(self.headers))
        answer = server.getresponse()
        text = answer.read()
        self.send_response(500 if self.path.startswith(sys.argv[3]) else answer.status)
        self.send_header("Content-Type", answer.headers.get("content-type") or "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_QUERY = pass_on

    def log_message(self, *arguments):
        pass


host, port = sys.argv[1].split(":")
http.server.ThreadingHTTPServer((host, int(port)), Proxy).serve_forever()
