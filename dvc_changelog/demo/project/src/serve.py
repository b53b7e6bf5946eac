"""Answer over HTTP: POST a ticket's text, get the team."""

from http.server import BaseHTTPRequestHandler, HTTPServer

from model import features, read_json, route

WEIGHTS = read_json("models/router.json")
VOCABULARY = read_json("data/features/vocabulary.json")


class Handler(BaseHTTPRequestHandler):
    """One ticket a request."""

    def do_POST(self) -> None:
        """Answer with the name of the team."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        self.send_response(200)
        self.end_headers()
        found = features(text, VOCABULARY["ngrams"], VOCABULARY["stopwords"])
        self.wfile.write(route(WEIGHTS, found).encode("utf-8"))


if __name__ == "__main__":
    HTTPServer(("", 8000), Handler).serve_forever()
