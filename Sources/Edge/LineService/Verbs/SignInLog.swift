import Accounts
import Addresses
import CredentialStore
import Dispatch
import Encoding
import LineProtocol
import Reports

extension CoreServices {
    /// How many rows a page of the sign-in log has: usually, and at most.
    private static let signInRows = (usual: 100, most: 1000)

    /// `SIGNINS [user=] [app=] [net=] [country=] [method=] [outcome=success|failure|interrupted] [reason=] [policy=]
    /// [since=] [until=] [before=] [limit=]`: rows of the sign-in log, the latest first. The last item is `next=` where
    /// there are older ones; it is what `before=` takes.
    var signInsVerb: Verb {
        let syntax = VerbSyntax(
            "SIGNINS", summary: "List rows of the sign-in log, the latest first",
            options: [
                "user", "app", "net", "country", "method", "outcome", "reason", "policy", "since",
                "until", "before", "limit",
            ])
        let (store, clock) = (store, clock)
        let reading = DispatchQueue(label: "countersign.sign-ins")
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: reading, about: { (_, _) in [] }
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let filter = try Self.filter(request, now: clock())
            let before = try request.number("before", in: 1...Int.max)
            let limit =
                try request.number("limit", in: 1...Self.signInRows.most) ?? Self.signInRows.usual
            do throws(StoreError) {
                let page = try store.signInLog(
                    filter, before: before.map { Int64($0) }, limit: limit)
                let next = page.next.map { [ListItem(["next": String($0)])] } ?? []
                return .list(page.entries.map(\.item) + next)
            } catch {
                return Reply(error)
            }
        }
    }

    private static func filter(
        _ request: Request, now: Timestamp
    ) throws(ArgumentError) -> SignInLogFilter {
        var filter = SignInLogFilter()
        filter.user = try request.user()
        filter.application = request["app"]
        filter.method = request["method"]
        filter.reason = request["reason"]
        filter.policy = request["policy"]
        filter.outcome = try request.word("outcome", as: SignInOutcome.self)
        if let text = request["country"] {
            guard let country = Country(text) else { throw .badValue("country") }
            filter.country = country.code
        }
        if let text = request["net"] {
            do throws(MalformedAddress) {
                filter.network = try IPNetwork(text)
            } catch {
                throw .badValue("net")
            }
        }
        filter.since = try request.moment("since", now: now).map(Timestamp.init(milliseconds:))
        filter.until = try request.moment("until", now: now, endsDay: true)
            .map(Timestamp.init(milliseconds:))
        return filter
    }
}

extension SignInRow {
    /// How long the steps may be, in bytes, to go into a line.
    private static let longestSteps = 4096
    /// How long any other text may be.
    private static let longestText = 256

    /// The row as one line; texts cut where it would not fit.
    fileprivate var item: ListItem {
        var options = [
            Option("number", String(number)), Option("at", at.text),
            Option("outcome", outcome.rawValue),
        ]
        func add(_ key: String, _ value: String?, limit: Int = Self.longestText) {
            guard let value, !value.isEmpty else { return }
            options.append(Option(key, VisibleText.portable(value, limit: limit)))
        }
        func add(_ key: String, _ value: Bool?) { add(key, value.map { $0 ? "yes" : "no" }) }
        add("reason", reason)
        add("user", user)
        add("app", application)
        add("method", method)
        add("address", address)
        add("country", country)
        add("kind", clientKind)
        add("program", userAgent)
        add("client", client)
        add("cred", credential.map { Base64URL.encode($0) })
        add("rp", relyingParty)
        add("device", device)
        add("hardware", isHardware)
        add("uv", isUserVerified)
        add("counter", counter.map { String($0) })
        add("password", password)
        add("requirement", requirement)
        add("policy", policyResult)
        add("user-risk", userRisk)
        add("sign-in-risk", signInRisk)
        add("correlation", correlation.map { Base64URL.encode($0) })
        add("processing", processing.map { String($0) })
        let short = options
        add("policies", policies, limit: 1024)
        if let steps, steps.utf8.count <= Self.longestSteps {
            add("steps", steps, limit: Self.longestSteps)
        }
        let whole = ListItem(options: options)
        return whole.line.utf8.count <= Reply.maximumLineLength - 64
            ? whole : ListItem(options: short)
    }
}
