import ArgumentParser
import LineProtocol

extension PolicyCommand {
    struct WhatIf: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "what-if",
            abstract: "Say which policies would apply to a sign-in, and why.",
            discussion: """
                Every policy is named, with the reason why it applies or does not. --with says what was shown so far:

                  countersign policy what-if --user alice --app payroll --ip 192.0.2.7 --password ok
                  countersign policy what-if --user alice --app payroll --with webauthn+uv+yubico-yubikey-5-nfc

                After a method, 'uv' says that it verified its person, 'hw' that its key is in hardware; a model of the \
                catalogue, or aaguid: and an AAGUID, says what device it is.
                """)

        @Option(help: "Who. It need not be a user that there is.")
        var user: String

        @Option(help: "What the user signs in to, as the front end calls it.")
        var app: String?

        @Option(help: "The address that the user comes from.")
        var ip: String?

        @Option(help: ArgumentHelp("The country of the address.", valueName: "two capitals"))
        var country: String?

        @Option(
            help: ArgumentHelp("The kind of program.", valueName: "browser|native|legacy"))
        var client: String?

        @Option(help: "What the program calls itself.")
        var userAgent: String?

        @Option(help: ArgumentHelp("What came of the password.", valueName: "ok|bad"))
        var password: String?

        @Option(
            help: ArgumentHelp(
                "Factors that were shown, with commas between.", valueName: "webauthn+uv,totp"))
        var with: String?

        @Option(
            help: ArgumentHelp(
                "The user's risk; what it is if not given.", valueName: "none|low|medium|high"))
        var userRisk: String?

        @Option(help: ArgumentHelp("The sign-in's risk.", valueName: "none|low|medium|high"))
        var signInRisk: String?

        @OptionGroup var trial: Trial

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let question = [
                    ("svc", app), ("rip", ip), ("country", country), ("kind", client),
                    ("ua", userAgent), ("pw", password), ("with", with), ("user-risk", userRisk),
                    ("risk", signInRisk),
                ].compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
                let options = try await trial.send(over: connection) + question
                let items = try await connection.demand(
                    "POLICY WHATIF", [user], options: options
                ).items()
                await connection.close()
                if json { return Terminal.say(PolicyItems.json(items)) }
                for line in WhatIfText.lines(of: items) { Terminal.say(line) }
            }
        }
    }
}

/// The answer to what-if, as people read it.
enum WhatIfText {
    static func lines(of items: [[LineProtocol.Option]]) -> [String] {
        let answer = items.first ?? []
        var lines = [outcome(of: answer)]
        for item in items where item.value("kind") == "missing" {
            let choices = item.shown("controls").split(separator: ",")
                .joined(separator: item.value("join") == "any" ? " or " : " and ")
            let who = item.shown("by")
            let source =
                switch who {
                case "sign-in": "every sign-in"
                case "mfa-state": "the user's own MFA"
                default: who.replacing("policy:", with: "policy ")
                }
            lines.append("  \(source) asks for \(choices)")
        }
        if answer.value("methods") != nil {
            lines.append("  the user has what would do: \(answer.shown("methods"))")
        } else if answer.value("outcome") == "unsatisfied" {
            lines.append("  the user has nothing that would do")
        }
        lines.append(facts(of: answer))
        let policies = items.filter { $0.value("kind") == "policy" }
        lines.append("")
        let width = policies.map { $0.shown("policy").count }.max() ?? 0
        for item in policies {
            let name = item.shown("policy")
            let gap = String(repeating: " ", count: max(0, width - name.count))
            lines.append(
                "  \(name)\(gap)  \(column(item.shown("state"), 11))  \(column(result(of: item), 14))  \(item.shown("why"))"
            )
        }
        if policies.isEmpty { lines.append("  There are no policies.") }
        return lines
    }

    private static func outcome(of answer: [LineProtocol.Option]) -> String {
        let user = answer.shown("user")
        let text =
            switch answer.value("outcome") {
            case "granted": "\(user) would be let in."
            case "blocked": "\(user) would be blocked by \(answer.shown("by"))."
            case "beyond-client":
                "\(user) would not be let in: the program cannot show what is asked for."
            default: "\(user) would be asked for more."
            }
        if answer.value("locked") == "yes" {
            return text + " But the account is locked, so nobody signs in to it."
        }
        return text
    }

    private static func facts(of answer: [LineProtocol.Option]) -> String {
        var words: [String] = []
        if answer.value("known") == "no" {
            words.append("no such user, so in no group and without a role")
        }
        for (key, name) in [("groups", "groups"), ("roles", "roles")] where answer.value(key) != nil
        {
            words.append("\(name) \(answer.shown(key))")
        }
        words.append("user risk \(answer.shown("user-risk"))")
        words.append("sign-in risk \(answer.shown("sign-in-risk"))")
        words.append("\(answer.shown("client")) program")
        if answer.value("break-glass") == "yes" { words.append("a break-glass account") }
        return "  (\(words.joined(separator: "; ")))"
    }

    /// What became of a policy, in a word or two.
    private static func result(of item: [LineProtocol.Option]) -> String {
        guard item.value("applies") == "yes" else { return "does not apply" }
        return switch item.value("result") {
        case "success": "met"
        case "failure": "not met"
        case "report-only-success": "would be met"
        case "report-only-failure": "would fail"
        case "report-only-interrupted": "would ask"
        default: "applies"
        }
    }

    private static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
