import ArgumentParser
import Foundation
import LineProtocol
import Reports

/// From when until when.
struct PeriodOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "From when on: 30d, 12h, 2026-11-01, or RFC 3339.", valueName: "moment"))
    var since: String?

    @Option(
        help: ArgumentHelp("Until when; a day with its end. Now if not given.", valueName: "moment")
    )
    var until: String?

    /// The moments as options of a request, in milliseconds since 1970: what is meant by the clock of this machine.
    func options() throws(CommandFailure) -> [LineProtocol.Option] {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        var options: [LineProtocol.Option] = []
        if let since {
            let moment = try reportOrFailure { () throws(ReportError) in
                try ReportMoment.milliseconds(since, now: now)
            }
            options.append(.init("since", String(moment)))
        }
        if let until {
            let moment = try reportOrFailure { () throws(ReportError) in
                try ReportMoment.milliseconds(until, now: now, endsDay: true)
            }
            options.append(.init("until", String(moment)))
        }
        return options
    }
}
