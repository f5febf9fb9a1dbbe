import LineProtocol

/// HELLO: agrees on the version and the features.
let hello = Verb(
    VerbSyntax(
        "HELLO",
        summary: "Agree on a protocol version (1; 2 or 3 for Redis libraries) and features",
        positionals: ["version"],
        keywords: [.init("AUTH", ["name", "secret"]), .init("SETNAME", ["label"])],
        options: ["features", "agent"],
        subject: .connection
    )
) { request, session in
    let version = request.positionals.first ?? ""
    guard ["1", "2", "3"].contains(version) else {
        guard let number = Int(version), number >= 0 else {
            return ArgumentError.badValue("version").reply
        }
        return .refusal(.noProtocol, ["min": "1", "max": "1"])
    }
    if let pair = request.keywords["AUTH"], let name = pair.first, let secret = pair.last,
        !session.authenticate(name: name, secret: secret)
    {
        return wrongSecret
    }
    if let redis = Int(version).flatMap(RedisProtocol.init) {
        session.redis = redis
        session.negotiation = .redis
        return redisGreeting(session)
    }
    let wanted = request["features"]?.split(separator: ",") ?? []
    var granted: [String] = []
    session.redis = .resp2
    session.negotiation = .none
    if wanted.contains("pipeline") {
        granted = ["pipeline"]
        session.negotiation = .pipelined
        if wanted.contains("ooo") {
            granted.append("ooo")
            session.negotiation = .outOfOrder
        }
    }
    let isKnown = session.client != nil
    let window = session.negotiation == .none ? 1 : session.window.requests
    return .ok([
        "proto": "1",
        "server": session.facts.server,
        "client": session.client?.name ?? "-",
        "maxline": "\(session.requestLimits.largeOctets)",
        "window": "\(window)",
        "features": dashIfEmpty(granted),
        "methods": dashIfEmpty(isKnown ? session.facts.methods : []),
    ])
}

private func dashIfEmpty(_ words: [String]) -> String {
    words.isEmpty ? "-" : words.joined(separator: ",")
}

/// The map that Redis libraries expect of HELLO.
private func redisGreeting(_ session: Session) -> Reply {
    let parts = session.facts.server.split(separator: "/", maxSplits: 1).map(String.init)
    return .redis(
        .map([
            .init("server", .text(parts.first ?? "")),
            .init("version", .text(parts.count > 1 ? parts[1] : "")),
            .init("proto", .integer(session.redis.rawValue)),
            .init("id", .integer(session.number)),
            .init("mode", .text("standalone")),
            .init("role", .text("master")),
            .init("modules", .array([])),
        ]))
}
