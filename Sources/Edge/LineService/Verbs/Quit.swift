import LineProtocol

/// QUIT: answers what is outstanding, says `+OK` and closes.
let quit = Verb(
    VerbSyntax("QUIT", summary: "Close the connection", subject: .connection)
) { _, session in
    session.isQuitting = true
    return .ok()
}
