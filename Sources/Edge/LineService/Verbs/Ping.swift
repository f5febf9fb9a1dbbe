import LineProtocol

/// PING: shows that the server lives.
let ping = Verb(
    VerbSyntax("PING", summary: "See whether the server lives", subject: .connection)
) { _, _ in .pong }
