import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import Dispatch
import LineProtocol

extension CoreServices {
    /// `POLICY WHATIF user [svc=] [rip=] [country=] [ua=] [kind=] [pw=] [risk=] [user-risk=] [with=] [draft=yes] [add=yes]
    /// [enforce=yes]`: what policies say to a sign-in as `BEGIN` would begin it, and why. `with=` are factors that were
    /// shown. The first item is the answer; after it comes an item for all that is missing, and one for each policy.
    func policyWhatIfVerb(_ drafts: PolicyDrafts, _ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY WHATIF", summary: "Say which policies would apply to a sign-in, and why",
            positionals: ["user"],
            options: ["svc", "rip", "user-risk", "with"] + Request.circumstanceOptions
                + Request.trialOptions)
        let (desk, catalogue) = (policies, catalogue)
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: queue
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let question = WhatIfQuestion(
                user: try request.userName(), application: try request.service(),
                address: try request.address(), circumstances: try request.circumstances(),
                userRisk: try request.word("user-risk", as: RiskLevel.self),
                presented: try request.factors(catalogue))
            guard let trial = try request.trial(drafts, invocation.connection) else {
                return .noDraft
            }
            do throws(PolicyDeskError) {
                return .list(Self.items(of: try desk.whatIf(question, of: trial)))
            } catch {
                return Reply(error)
            }
        }
    }

    private static func items(of answer: WhatIfAnswer) -> [ListItem] {
        var missing: [MissingControls] = []
        var options = [Option("kind", "answer")]
        func add(_ key: String, _ value: String) {
            if !value.isEmpty { options.append(Option(key, value.cut)) }
        }
        let (request, decision) = (answer.request, answer.decision)
        switch decision.outcome {
        case .granted: add("outcome", "granted")
        case .blocked(let policies):
            add("outcome", "blocked")
            add("by", policies.map(\.text).joined(separator: ","))
        case .unsatisfied(let controls):
            missing = controls
            add(
                "outcome",
                controls.contains(where: \.isBeyondClient) ? "beyond-client" : "unsatisfied")
            add("methods", answer.sufficientMethods.map(\.rawValue).joined(separator: ","))
        }
        add("requirement", decision.requirement.description)
        switch decision.signInFrequency {
        case nil: break
        case .everyTime: add("frequency", "every-time")
        case .after(let time): add("frequency", String(time.components.seconds))
        }
        add("break-glass", decision.usedBreakGlass ? "yes" : "no")
        add("user", request.user.text)
        add("known", answer.isUserKnown ? "yes" : "no")
        add("locked", answer.isLocked ? "yes" : "no")
        add("groups", request.groups.sorted().map(\.text).joined(separator: ","))
        add("roles", request.roles.map(\.rawValue).sorted().joined(separator: ","))
        add("mfa-demanded", request.needsMultiFactor ? "yes" : "no")
        add("user-risk", request.userRisk.rawValue)
        add("sign-in-risk", request.signInRisk.rawValue)
        add("client", request.client.rawValue)
        return [ListItem(options: options)] + missing.map(Self.item)
            + answer.explanations.map(Self.item)
    }

    private static func item(_ missing: MissingControls) -> ListItem {
        let source =
            switch missing.source {
            case .signIn: "sign-in"
            case .userState: "mfa-state"
            case .policy(let id): "policy:\(id)"
            }
        return ListItem([
            "kind": "missing", "by": source, "join": missing.join.rawValue,
            "controls": missing.controls.map(\.description).joined(separator: ",").cut,
            "beyond-client": missing.isBeyondClient ? "yes" : "no",
        ])
    }

    private static func item(_ explanation: PolicyExplanation) -> ListItem {
        var options = [
            Option("kind", "policy"), Option("policy", explanation.id.text),
            Option("state", explanation.state.rawValue),
        ]
        switch explanation.verdict {
        case .applies(let matches):
            options.append(Option("applies", "yes"))
            if let result = explanation.result {
                options.append(Option("result", result.rawValue))
            }
            let reasons = matches.map(\.description).joined(separator: "; ")
            options.append(Option("why", reasons.cut))
        case .doesNotApply(let mismatch):
            options.append(Option("applies", "no"))
            options.append(Option("code", mismatch.code))
            options.append(Option("why", mismatch.description.cut))
        }
        if explanation.title != explanation.id.text {
            options.append(Option("title", explanation.title))
        }
        return ListItem(options: options)
    }
}

extension Request {
    /// The options that say which policies to try: `draft` for those that were sent, `add` to lay them over those in force,
    /// `enforce` to take those in report-only to be on.
    static let trialOptions = ["draft", "add", "enforce"]

    /// The policies to try; `nil` where they were to be sent and were not.
    func trial(
        _ drafts: PolicyDrafts, _ connection: ConnectionLife
    ) throws(ArgumentError) -> PolicyTrial? {
        let isEnforced = try flag("enforce")
        guard try flag("draft") else {
            if try flag("add") { throw .badValue("add") }
            return PolicyTrial(.inForce, isReportOnlyEnforced: isEnforced)
        }
        guard let files = drafts.upload(of: connection)?.files else { return nil }
        return PolicyTrial(
            try flag("add") ? .filesAdded(files) : .files(files), isReportOnlyEnforced: isEnforced)
    }

    /// The option `with`: factors with commas between, each a method and what is known of it with `+` between: `uv` for
    /// whoever showed it was verified, `hw` for a key in hardware, and a model of the catalogue or `aaguid:` and an AAGUID.
    /// `webauthn+uv+yubico-yubikey-5-nfc,totp`.
    func factors(_ catalogue: Catalogue) throws(ArgumentError) -> [PresentedFactor] {
        guard let text = self["with"] else { return [] }
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        guard words.count <= 8 else { throw .badValue("with") }
        var factors: [PresentedFactor] = []
        for word in words {
            var parts = word.split(separator: "+", omittingEmptySubsequences: false).map(
                String.init)
            guard
                let method = SignInMethod(rawValue: parts.removeFirst()),
                ![.password, .code].contains(method)
            else { throw .badValue("with") }
            var factor = PresentedFactor(method)
            for part in parts {
                switch part {
                case "uv": factor.isUserVerified = true
                case "hw": factor.isHardwareBound = true
                default:
                    guard let device = DeviceFacts(named: part, in: catalogue) else {
                        throw .badValue("with")
                    }
                    factor.device = device
                }
            }
            factors.append(factor)
        }
        return factors
    }
}
