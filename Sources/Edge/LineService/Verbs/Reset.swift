import LineProtocol

/// RESET: forgets HELLO and AUTH, as if the connection were new.
let reset = Verb(
    VerbSyntax("RESET", summary: "Forget HELLO and AUTH", subject: .connection)
) { _, session in
    session.client = session.peer
    session.negotiation = .none
    session.redis = .resp2
    return .ok()
}
