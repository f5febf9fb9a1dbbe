import ArgumentParser
import Ceremonies
import ConditionalAccess
import Encoding
import LineProtocol
import Reports

/// What the server found in policies that were sent to it.
struct PolicyReport {
    private let summary: [LineProtocol.Option]

    init(_ summary: [LineProtocol.Option]) { self.summary = summary }

    subscript(key: String) -> String { summary.shown(key) }

    /// Whether nothing is wrong with the policies themselves.
    var isWellFormed: Bool { summary.value("problems") == "0" }

    /// Whether they can come in force without force.
    var isGood: Bool { isWellFormed && summary.value("locked-out") != "all" }

    /// Why they are refused.
    var failure: CommandFailure {
        guard isWellFormed else {
            let more = summary.value("more") == "yes" ? " and more" : ""
            return CommandFailure(
                .refused,
                "the policies are refused; number of problems: \(self["problems"])\(more)")
        }
        return CommandFailure(
            .refused, "the policies would lock out every global administrator",
            advice: "Exclude one, or name a break-glass account.")
    }
}

extension ServerConnection {
    /// How much of a file goes into a request.
    private static let partLength = 45_000

    /// Sends policies to be checked, tried or applied.
    func send(_ source: PolicySource) async throws(CommandFailure) {
        for file in source.upload.files {
            var rest = file.bytes[...]
            repeat {
                _ = try await demand(
                    "POLICY DRAFT", [],
                    ["file": file.name, "yaml": Base64URL.encode(rest.prefix(Self.partLength))])
                rest = rest.dropFirst(Self.partLength)
            } while !rest.isEmpty
        }
    }

    /// Has what was sent checked, and tells what is wrong and what may surprise.
    func check(_ source: PolicySource) async throws(CommandFailure) -> PolicyReport {
        let items = try await demand("POLICY CHECK").items()
        for item in items.dropFirst() {
            var place = ""
            if let file = item.value("file") {
                place = VisibleText.escaped(source.path(of: file)) + ":"
                if let line = item.value("line") { place += "\(VisibleText.escaped(line)):" }
                place += " "
            }
            switch item.value("kind") {
            case "problem": Terminal.complain("\(place)error: \(item.shown("text"))")
            case "warning": Terminal.complain("\(place)warning: \(item.shown("text"))")
            case "locked-out":
                Terminal.complain(
                    "warning: the global administrator \(item.shown("user")) could not sign in: \(item.shown("policies"))"
                )
            default: break
            }
        }
        return PolicyReport(items.first ?? [])
    }
}

extension PolicyCommand {
    /// Which policies a command tries.
    struct Trial: ParsableArguments {
        @Option(
            name: [.customLong("policy"), .customLong("draft")], parsing: .upToNextOption,
            help: ArgumentHelp(
                "Try these files or folders in the place of the policies in force.",
                valueName: "path"))
        var draft: [String] = []

        @Flag(help: "Lay the draft over the policies in force: it replaces those of its names.")
        var add = false

        @Flag(help: "Take policies in report-only to be on.")
        var enforce = false

        func validate() throws {
            guard !add || !draft.isEmpty else { throw ValidationError("--add goes with --policy.") }
        }

        /// Sends the draft, where there is one, and checks it. Returns the options that name it.
        func send(
            over connection: ServerConnection
        ) async throws(CommandFailure) -> [LineProtocol.Option] {
            var options: [LineProtocol.Option] = []
            if enforce { options.append(.init("enforce", "yes")) }
            guard !draft.isEmpty else { return options }
            let source = try PolicySource(draft)
            try await connection.send(source)
            // Laid over others, it may name strengths of theirs, so that it cannot be checked alone.
            if !add {
                let report = try await connection.check(source)
                guard report.isWellFormed else { throw report.failure }
            }
            options.append(.init("draft", "yes"))
            if add { options.append(.init("add", "yes")) }
            return options
        }
    }
}
