import LineProtocol

/// COMMAND DOCS: the table of verbs in the form from which redis-cli makes help and completion. Verbs
/// of two words are subcommands of their first, as Redis has them: `CRED|LIST`.
let commandDocs = Verb(
    VerbSyntax(
        "COMMAND DOCS", summary: "Describe the verbs, or some of them",
        trailing: .repeated("verb"), subject: .connection)
) { request, session in
    let wanted = Set(request.positionals.map { $0.uppercased() })
    var entries: [RedisValue.Pair] = []
    var families: [String: [VerbSyntax]] = [:]
    for syntax in session.verbs.table.syntaxes {
        let words = syntax.name.split(separator: " ").map(String.init)
        let family = words.count > 1 ? words.first : nil
        guard
            wanted.isEmpty || wanted.contains(words.joined(separator: "|"))
                || family.map(wanted.contains) == true
        else { continue }
        if let family {
            families[family, default: []].append(syntax)
        } else {
            entries.append(.init(syntax.name, documentation(of: syntax)))
        }
    }
    for (family, syntaxes) in families.sorted(by: { $0.key < $1.key }) {
        entries.append(.init(family, documentation(of: family, syntaxes)))
    }
    return .redis(.map(entries))
}

private func documentation(of family: String, _ syntaxes: [VerbSyntax]) -> RedisValue {
    .map([
        .init("summary", .text("Several verbs: " + syntaxes.map(\.name).joined(separator: ", "))),
        .init("since", .text("1.0")),
        .init("group", .text("countersign")),
        .init(
            "subcommands",
            .map(
                syntaxes.map {
                    .init($0.name.replacing(" ", with: "|"), documentation(of: $0))
                })
        ),
    ])
}

private func documentation(of syntax: VerbSyntax) -> RedisValue {
    var arguments = syntax.positionals.map { argument($0) }
    switch syntax.trailing {
    case .nothing: break
    case .optional(let names): arguments += names.map { argument($0, flags: ["optional"]) }
    case .repeated(let name): arguments.append(argument(name, flags: ["optional", "multiple"]))
    }
    arguments += syntax.keywords.map {
        argument(($0.arguments).joined(separator: " "), token: $0.name, flags: ["optional"])
    }
    arguments += syntax.requiredOptions.map { argument("\($0)=value") }
    arguments += syntax.options.map { argument("\($0)=value", flags: ["optional"]) }
    return .map([
        .init("summary", .text(syntax.summary)),
        .init("since", .text("1.0")),
        .init("group", .text(syntax.subject == .connection ? "connection" : "countersign")),
        .init("arguments", .array(arguments)),
    ])
}

private func argument(_ name: String, token: String? = nil, flags: [String] = []) -> RedisValue {
    var pairs: [RedisValue.Pair] = [
        .init("name", .text(name)), .init("type", .text("string")),
        .init("display_text", .text(name)),
    ]
    if let token { pairs.append(.init("token", .text(token))) }
    if !flags.isEmpty { pairs.append(.init("flags", .array(flags.map(RedisValue.word)))) }
    return .map(pairs)
}
