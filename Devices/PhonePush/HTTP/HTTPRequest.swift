public import NIOHTTP1

/// A request to one server; where it goes is the endpoint's business.
public struct HTTPRequest: Sendable {
    /// Its method.
    public var method: HTTPMethod
    /// Its headers. Host, Content-Length and Connection are added.
    public var headers: HTTPHeaders
    /// Its body.
    public var body: [UInt8]

    /// A request with these parts.
    public init(method: HTTPMethod, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.headers = headers
        self.body = body
    }

    /// Whether the headers are those that a server will see: names of the letters that RFC 9110 §5.6.2 has, values
    /// without control characters.
    var isWellFormed: Bool {
        headers.allSatisfy { name, value in
            !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        true
                    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                    }
                }
                && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        }
    }

    /// What goes to the server.
    func head(for endpoint: PushEndpoint) -> HTTPRequestHead {
        var headers = headers
        headers.replaceOrAdd(name: "Host", value: endpoint.authority)
        headers.replaceOrAdd(name: "Connection", value: "close")
        headers.remove(name: "Transfer-Encoding")
        headers.remove(name: "Content-Length")
        if method != .GET || !body.isEmpty {
            headers.add(name: "Content-Length", value: String(body.count))
        }
        return HTTPRequestHead(
            version: .http1_1, method: method, uri: endpoint.target, headers: headers)
    }
}

/// How much of a response is waited for.
public enum ResponseReading: Sendable, Hashable {
    /// Status and headers. What comes behind them is not read.
    case head
    /// The whole, with a body of at most so many bytes.
    case body(maximumByteCount: Int)
}

/// What a server answered.
public struct HTTPResponse: Sendable, Equatable {
    /// From 200 to 599 as a rule; never below 200.
    public let status: Int
    /// The headers, not more than ``maximumHeadByteCount`` bytes.
    public let headers: HTTPHeaders
    /// The body, where it was asked for.
    public let body: [UInt8]

    /// The longest head that is read, in bytes.
    public static let maximumHeadByteCount = 16 * 1_024

    /// The most headers that are read.
    public static let maximumHeaderCount = 128
}
