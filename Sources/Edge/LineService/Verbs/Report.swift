import Accounts
import CredentialStore
import Dispatch
import LineProtocol
import Reports

extension CoreServices {
    /// How many rows a table of a report has: usually, and at most.
    private static let reportRows = (usual: 200, most: 2000)

    /// `REPORT id [since=] [until=] [user=] [app=] [by=day|week|month] [limit=]`: a report, as one item about what it is,
    /// and then items `table=… column=value …`. `REPORT list` names the reports.
    ///
    /// Moments are `30d`, `2026-11-01`, RFC 3339, or milliseconds since 1970; a report is about the whole days (UTC) that
    /// they touch, of the last 30 days where nothing is said.
    var reportVerb: Verb {
        let syntax = VerbSyntax(
            "REPORT", summary: "Make a report on sign-ins, administration or methods",
            positionals: ["report"], options: ["since", "until", "user", "app", "by", "limit"])
        let (store, clock) = (store, clock)
        // Reports read much; nobody else should wait for that.
        let reading = DispatchQueue(label: "countersign.reports")
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: reading, about: { (_, _) in [] }
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            if request.positionals.first == "list" { return .list(Self.reportList) }
            let maker = try Self.maker(request, store: store, now: clock())
            do throws(StoreError) {
                let document = try maker.document()
                return .list(
                    document.items.map { item in
                        ListItem(options: item.map { Option($0.key, $0.value) })
                    })
            } catch {
                return Reply(error)
            }
        }
    }

    private static var reportList: [ListItem] {
        ReportDefinition.all.map { definition in
            let takes = ReportParameter.allCases.filter { definition.parameters.contains($0) }
            return ListItem([
                "report": definition.id, "title": definition.title,
                "question": definition.question,
                "takes": takes.map(\.option).joined(separator: ","),
                "needs": takes.filter { definition.required.contains($0) }.map(\.option)
                    .joined(separator: ","),
            ])
        }
    }

    private static func maker(
        _ request: Request, store: SQLiteStore, now: Timestamp
    ) throws(ArgumentError) -> ReportMaker {
        let definition: ReportDefinition
        do throws(ReportError) {
            definition = try ReportDefinition(id: request.positionals.first ?? "")
        } catch {
            throw .badValue("report")
        }
        let parameters = ReportParameter.allCases.reduce(into: [:]) { parameters, parameter in
            parameters[parameter] = request[parameter.option]
        }
        do throws(ReportError) {
            try definition.check(given: Set(parameters.keys))
        } catch {
            switch error {
            case .missing(let parameter): throw .missingOption(parameter.option)
            case .unexpected(let parameter): throw .badValue(parameter.option)
            default: throw .badValue("report")
            }
        }
        let until = try request.moment("until", now: now, endsDay: true) ?? now.milliseconds
        let since =
            try request.moment("since", now: now)
            ?? max(0, until - 30 * CalendarDay.milliseconds)
        guard since < until else { throw .badValue("since") }
        return ReportMaker(
            store: store, definition: definition,
            period: ReportPeriod(
                first: CalendarDay(at: since), last: CalendarDay(at: until - 1)),
            parameters: parameters, user: try request.user(),
            interval: try request.word("by", as: ReportInterval.self) ?? .day,
            limit: try request.number("limit", in: 1...reportRows.most) ?? reportRows.usual,
            now: now)
    }
}

extension Request {
    /// An option that is a moment, in milliseconds since 1970.
    func moment(
        _ key: String, now: Timestamp, endsDay: Bool = false
    ) throws(ArgumentError) -> Int64? {
        guard let text = self[key] else { return nil }
        do throws(ReportError) {
            return try ReportMoment.milliseconds(
                text, now: now.milliseconds, endsDay: endsDay)
        } catch {
            throw .badValue(key)
        }
    }

    /// The option `user`, which need not be a user that there is.
    func user() throws(ArgumentError) -> UserName? {
        guard let text = self["user"] else { return nil }
        guard let name = UserName(text) else { throw .badValue("user") }
        return name
    }
}
