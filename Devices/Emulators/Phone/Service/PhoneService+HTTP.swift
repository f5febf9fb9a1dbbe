import NIOHTTP1
import PhonePush
import PushMessages

extension PhoneService {
    /// Sends a GET, or with a body a POST, over a connection of its own. The server is the one that has the pinned key,
    /// wherever it is.
    ///
    /// - Parameter wait: for how long the server is asked to wait.
    func send(
        _ path: String, body: [UInt8]? = nil, wait: Duration = .zero
    ) async throws(Failure) -> Reply {
        do throws(PushFailure) {
            // Without a pin there is no TLS, and no certificate that could be trusted.
            let trust: ServerTrust =
                if let pin { .pinned(try PublicKeyPin(digest: pin)) } else { .roots([]) }
            let client = try HTTPSClient(trust: trust, rule: .anywhere)
            var headers: HTTPHeaders = ["Accept": "application/json"]
            if body != nil { headers.add(name: "Content-Type", value: "application/json") }
            let response = try await client.send(
                HTTPRequest(
                    method: body == nil ? .GET : .POST, headers: headers, body: body ?? []),
                to: try PushEndpoint(url.text + path), within: Self.patience + wait)
            return Reply(status: response.status, body: response.body)
        } catch {
            throw .failure(.unreachable(error))
        }
    }
}
