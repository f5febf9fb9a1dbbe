import NIOCore
package import NIOHTTP1

/// Puts a response together from its parts: protocol without a socket. The first outcome is the last.
package struct ResponseCollector {
    private enum State {
        case awaitingHead
        case readingBody(HTTPResponseHead, body: [UInt8])
        case finished
    }

    private let reading: ResponseReading
    private var state = State.awaitingHead

    package init(_ reading: ResponseReading) {
        self.reading = reading
    }

    /// Takes a part in; says so when that was the end of the response, or of what may still become one.
    package mutating func receive(_ part: HTTPClientResponsePart) -> Result<
        HTTPResponse, PushFailure
    >? {
        switch (state, part) {
        case (.finished, _): return nil
        case (.awaitingHead, .head(let head)):
            // 101 is the only interim response that gets here, and nobody asked for another protocol.
            guard head.status.code >= 200 else {
                return finish(.failure(.malformedResponse(reason: "status \(head.status.code)")))
            }
            switch reading {
            case .head: return finish(.success(Self.response(head, [])))
            case .body:
                state = .readingBody(head, body: [])
                return nil
            }
        case (.readingBody(let head, var body), .body(let bytes)):
            guard
                case .body(let maximum) = reading, bytes.readableBytes <= maximum - body.count
            else { return finish(.failure(.responseTooLong)) }
            // So that there is one array, which grows, and no copy of it.
            state = .finished
            body.append(contentsOf: bytes.readableBytesView)
            state = .readingBody(head, body: body)
            return nil
        case (.readingBody(let head, let body), .end):
            return finish(.success(Self.response(head, body)))
        case (.awaitingHead, .body), (.awaitingHead, .end), (.readingBody, .head):
            return finish(.failure(.malformedResponse(reason: "parts out of order")))
        }
    }

    /// Nothing comes any more.
    package mutating func fail(_ failure: PushFailure) -> Result<HTTPResponse, PushFailure>? {
        if case .finished = state { return nil }
        return finish(.failure(failure))
    }

    private mutating func finish(
        _ outcome: Result<HTTPResponse, PushFailure>
    ) -> Result<HTTPResponse, PushFailure> {
        state = .finished
        return outcome
    }

    private static func response(_ head: HTTPResponseHead, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: Int(head.status.code), headers: head.headers, body: body)
    }
}
