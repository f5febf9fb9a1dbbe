import LineProtocol

/// RESET: forgets HELLO, AUTH and ACT, as if the connection were new.
let reset = Verb(
    VerbSyntax("RESET", summary: "Forget HELLO, AUTH and ACT", subject: .connection)
) { _, session in
    session.client = session.peer
    session.acting = .itself
    session.negotiation = .none
    session.redis = .resp2
    return .ok()
}
