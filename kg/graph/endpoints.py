"""Where a remote store is asked and where it is changed, who asks, and what went wrong: the SPARQL 1.1 Protocol over httpx."""

import base64
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from kg.errors import StoreError, StoreRefused, StoreUnavailable

ADDRESS: Final = "give the address of its query endpoint, such as http://127.0.0.1:7878/query"
_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"
_TIMES: Final = httpx.Timeout(600.0, connect=10.0)  # seconds without a byte; who must not wait so long ends the process that waits
_CUT: Final = {
    "x-sparql-maxrows": "cuts answers at {} rows; raise its limit (Virtuoso: ResultSetMaxRows)",
    "x-sql-state": "gave up before the answer was whole ({}); raise its limits of time",
}
Form = Mapping[str, str | list[str]]


class Credentials(httpx.DigestAuth):
    """Name and password, sent in the way that the store asks for, and only once it asks."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, password)
        self._basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._asked_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request, and again with what the store's answer asks for."""
        if self._asked_basic:
            request.headers["Authorization"] = self._basic
        flow = super().auth_flow(request)
        response = yield next(flow)
        if response.status_code == httpx.codes.UNAUTHORIZED and response.headers.get("www-authenticate", "").lower().startswith("basic"):
            self._asked_basic = True
            request.headers["Authorization"] = self._basic
            yield request
            return
        with suppress(StopIteration):
            while True:
                response = yield flow.send(response)


class Stream:
    """The body of an answer as a file that is read as it comes; the connection is given back at its end, or when nobody reads on."""

    def __init__(self, response: httpx.Response, store: str) -> None:
        self._response = response
        self._store = store
        self._pieces: Iterator[bytes] = response.iter_bytes()
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes or fewer, none at the end; all that is left for -1. StoreUnavailable where the answer breaks off."""
        try:
            if size < 0:
                left, self._left = self._left, b""
                return left + b"".join(self._pieces)
            while not self._left:
                piece = next(self._pieces, None)
                if piece is None:
                    self.close()
                    return b""
                self._left = piece
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"{self._store}: the store's answer broke off ({_reason(error)}); ask again") from error
        data, self._left = self._left[:size], self._left[size:]
        return data

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()

    def __del__(self) -> None:
        """Leave the store nothing to send to nobody."""
        self.close()


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A store's addresses, and the connections to it."""

    query: str
    update: str | None
    server: str  # what it calls itself
    client: httpx.Client

    @classmethod
    def of(cls, address: str) -> "Endpoints":
        """Find a store at an address; StoreUnavailable or StoreError where none answers there.

        The environment may say what the address does not: KG_STORE_UPDATE is where it takes updates, KG_STORE_USER and KG_STORE_PASSWORD,
        or KG_STORE_TOKEN, who asks.
        """
        url = httpx.URL(address)
        if url.userinfo:
            raise StoreError(f"{url.copy_with(username=None, password=None)}: others can read a password in an address; put it into "
                             "KG_STORE_USER and KG_STORE_PASSWORD")  # fmt: skip
        client = httpx.Client(timeout=_TIMES, auth=_auth(), headers=_token(), follow_redirects=False, trust_env=False)
        paths = [url.path] if url.path.strip("/") else ["/query", "/sparql"]
        try:
            for path in paths:
                query = str(url.copy_with(path=path))
                with client.stream("POST", query, data={"query": "ASK {}"}, headers={"Accept": _RESULTS}) as response:
                    if response.is_success:
                        server = response.headers.get("server", "")
                        update = os.environ.get("KG_STORE_UPDATE") or _update_address(url.copy_with(path=path), server)
                        return cls(query, update, server, client)
                    _refuse_outsiders(response, query)
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"{address}: no store answers ({_reason(error)}); start it, or {ADDRESS}") from error
        raise StoreError(f"{address}: what answers there is no SPARQL store ({response.status_code}); {ADDRESS}")

    def results(self, form: Form) -> Stream:
        """Return the results of a SELECT or ASK as JSON."""
        return self._answer(form, _RESULTS)

    def triples(self, form: Form) -> Stream:
        """Return the triples of a CONSTRUCT or DESCRIBE as N-Triples."""
        return self._answer(form, _TRIPLES)

    def _answer(self, form: Form, media: str) -> Stream:
        try:
            request = self.client.build_request("POST", self.query, data=form, headers={"Accept": media})
            response = self.client.send(request, stream=True)
            self._check(response, self.query, "cannot answer")
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"{self.query}: the store does not answer ({_reason(error)}); ask again, or start it") from error
        for header, problem in _CUT.items():
            if header in response.headers:
                response.close()
                raise StoreUnavailable(f"{self.query}: the store {problem.format(response.headers[header])}")
        return Stream(response, self.query)

    def change(self, update: str) -> None:
        """Send an update, as one request."""
        if self.update is None:
            raise StoreError(f"{self.query}: it is not known where this store takes updates; say so in KG_STORE_UPDATE")
        try:
            response = self.client.post(self.update, data={"update": update})
            self._check(response, self.update, "does not carry that out")
        except httpx.HTTPError as error:
            raise StoreUnavailable(
                f"{self.update}: the store did not answer ({_reason(error)}), and may or may not have made the change; look, then go on"
            ) from error

    def _check(self, response: httpx.Response, address: str, verb: str) -> None:
        """Raise StoreUnavailable where the store refuses."""
        if response.is_success:
            return
        try:
            response.read()
            _refuse_outsiders(response, address)
            words = " ".join(response.text.split())[:300]
            raise StoreRefused(f"{address}: the store {verb} ({response.status_code}: {words})")
        finally:
            response.close()

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def _update_address(query: httpx.URL, server: str) -> str | None:
    """Return where a store takes updates, of those whose addresses follow a pattern.

    >>> _update_address(httpx.URL("http://a:7878/query"), ""), _update_address(httpx.URL("http://a/sparql"), "Virtuoso/07.20 (Linux)")
    ('http://a:7878/update', 'http://a/sparql-auth')
    """
    folder, _, last = query.path.rpartition("/")
    if last == "sparql" and server.startswith("Virtuoso"):
        return str(query.copy_with(path=f"{folder}/sparql-auth"))
    if last in {"query", "sparql"}:
        return str(query.copy_with(path=f"{folder}/update"))
    if folder.endswith("/repositories"):
        return str(query.copy_with(path=f"{query.path}/statements"))
    return None


def _refuse_outsiders(response: httpx.Response, address: str) -> None:
    if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise StoreUnavailable(
            f"{address}: the store lets in only whom it knows; set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
        )


def _auth() -> httpx.Auth | None:
    user = os.environ.get("KG_STORE_USER")
    return Credentials(user, os.environ.get("KG_STORE_PASSWORD", "")) if user else None


def _token() -> dict[str, str]:
    token = os.environ.get("KG_STORE_TOKEN")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
