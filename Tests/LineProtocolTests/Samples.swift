import LineProtocol

/// A table like the service's, small enough to see through.
let table = VerbTable([
    VerbSyntax(
        "HELLO", summary: "Agree on a version", positionals: ["version"],
        keywords: [.init("AUTH", ["name", "secret"]), .init("SETNAME", ["label"])],
        options: ["features", "agent"], subject: .connection),
    VerbSyntax(
        "AUTH", summary: "Say who you are", positionals: ["name", "secret"], subject: .connection),
    VerbSyntax("PING", summary: "See whether the server lives", subject: .connection),
    VerbSyntax(
        "VERIFY", summary: "Check a code", positionals: ["user", "code"],
        options: ["svc", "rip", "json"], size: .large),
    VerbSyntax(
        "CHALLENGE", summary: "Ask for a challenge", positionals: ["user"],
        requiredOptions: ["kind"], options: ["rp"]),
    VerbSyntax(
        "CRED DEL", summary: "Forget a credential", positionals: ["user"],
        trailing: .optional(["cred"])),
    VerbSyntax("CRED LIST", summary: "List credentials", positionals: ["user"]),
    VerbSyntax("COMMAND DOCS", summary: "Help", trailing: .repeated("verb"), subject: .connection),
])

/// What became of a stream of bytes.
struct Outcome: Equatable {
    var requests: [DecodedRequest] = []
    var error: FramingError?
    var buffered = 0
}

/// Decodes a stream that arrives in these pieces.
func decode(
    _ pieces: [[UInt8]], limits: RequestLimits = .authenticated
) -> Outcome {
    var decoder = RequestDecoder(table: table, limits: limits)
    var outcome = Outcome()
    for piece in pieces {
        decoder.append(piece)
        do throws(FramingError) {
            while let request = try decoder.next() { outcome.requests.append(request) }
        } catch {
            outcome.error = error
        }
    }
    outcome.buffered = decoder.bufferedCount
    return outcome
}

func decode(_ text: String, limits: RequestLimits = .authenticated) -> Outcome {
    decode([Array(text.utf8)], limits: limits)
}

/// The only thing decoded: a refusal's error, or nil.
func refusal(_ text: String) -> ArgumentError? {
    let outcome = decode(text)
    guard outcome.error == nil, outcome.requests.count == 1,
        case .refusal(let refusal) = outcome.requests[0]
    else { return nil }
    return refusal.error
}

/// The only thing decoded, if it is a request.
func request(_ text: String) -> Request? {
    let outcome = decode(text)
    guard outcome.error == nil, outcome.requests.count == 1,
        case .request(let request) = outcome.requests[0]
    else { return nil }
    return request
}

/// A RESP array of these tokens.
func array(_ tokens: [String]) -> String {
    "*\(tokens.count)\r\n" + tokens.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
