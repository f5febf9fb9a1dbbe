import LineProtocol

/// AUTH: says who the client is. Answers exactly `+OK`, for some Redis clients compare the string.
let auth = Verb(
    VerbSyntax(
        "AUTH", summary: "Say which client you are", positionals: ["name", "secret"],
        subject: .connection)
) { request, session in
    guard let name = request.positionals.first, let secret = request.positionals.last,
        session.authenticate(name: name, secret: secret)
    else { return wrongSecret }
    return .ok()
}

/// One answer for an unknown name and for a wrong secret.
let wrongSecret = Reply.refusal(.wrongSecret, text: "unknown client or wrong secret")
