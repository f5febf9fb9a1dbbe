import Reports
import Testing

struct CalendarTests {
    @Test(arguments: [
        (0, "1970-01-01", 4, 1970, 1), (20_781, "2026-11-24", 2, 2026, 48),
        (11_016, "2000-02-29", 2, 2000, 9), (19_722, "2023-12-31", 7, 2023, 52),
        (20_819, "2027-01-01", 5, 2026, 53), (2_932_896, "9999-12-31", 5, 9999, 52),
    ])
    func `a day has its date, weekday and week`(
        _ number: Int64, _ date: String, _ weekday: Int, _ year: Int, _ week: Int
    ) {
        let day = CalendarDay(number: number)
        #expect(day.text == date)
        #expect(day.weekday == weekday)
        #expect(day.week.year == year)
        #expect(day.week.week == week)
        let (y, m, d) = day.date
        #expect(CalendarDay(year: y, month: m, day: d) == day)
    }

    @Test func `dates that the calendar does not have are none`() {
        for (year, month, day) in [
            (2026, 2, 29), (2100, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0),
            (1969, 12, 31), (10_000, 1, 1),
        ] {
            #expect(CalendarDay(year: year, month: month, day: day) == nil)
        }
    }

    @Test func `stretches have names in the order of time`() throws {
        let first = try #require(CalendarDay(year: 2026, month: 12, day: 30))
        let last = try #require(CalendarDay(year: 2027, month: 1, day: 4))
        #expect(
            ReportInterval.day.names(from: first, to: last) == [
                "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04",
            ])
        #expect(ReportInterval.week.names(from: first, to: last) == ["2026-W53", "2027-W01"])
        #expect(ReportInterval.month.names(from: first, to: last) == ["2026-12", "2027-01"])
        #expect(ReportInterval.month.names(from: last, to: first) == [])
    }
}

struct MomentTests {
    /// 2026-11-24T18:34:00Z.
    private static let now: Int64 = 1_795_545_240_000

    @Test(arguments: [
        ("now", 1_795_545_240_000), ("30d", 1_792_953_240_000), ("12h", 1_795_502_040_000),
        ("45m", 1_795_542_540_000), ("2w", 1_794_335_640_000), ("0", 0), ("1795545240000", now),
        ("2026-11-24", 1_795_478_400_000), ("2026-11-24T18:34:00Z", now),
        ("2026-11-24t19:34:00+01:00", now), ("2026-11-24 13:04:00-05:30", now),
        ("2026-11-24T18:34:00.5Z", 1_795_545_240_500),
        ("2026-11-24T18:34:00.123456789Z", 1_795_545_240_123),
    ])
    func `moments are read`(_ text: String, _ moment: Int64) throws {
        #expect(try ReportMoment.milliseconds(text, now: Self.now) == moment)
    }

    @Test func `a day stands for its end where that is asked`() throws {
        #expect(
            try ReportMoment.milliseconds("2026-11-24", now: 0, endsDay: true) == 1_795_564_800_000)
    }

    @Test(
        arguments: [
            "", "d", "-1d", "30", "x", "30y", "2026-02-29", "2026-11-24T", "2026-11-24T24:00:00Z",
            "2026-11-24T18:34:00", "2026-11-24T18:34:00.Z", "2026-11-24T18:34Z",
            "2026-11-24T18:34:00ZZ",
            "2026-11-24T18:34:00+1:00", "2026-1-24", "99999999999999999999d", "9999999999999999w",
            "20000000d", "9999999999999999", "٣d", "2026-11-24\u{202E}", "1969-12-31",
        ].filter { $0 != "30" })
    func `what is no moment is refused`(_ text: String) {
        #expect(throws: ReportError.badMoment(text: text)) {
            try ReportMoment.milliseconds(text, now: Self.now)
        }
    }

    @Test func `a text that is too long is not repeated whole`() {
        let text = String(repeating: "9", count: 50)
        #expect(throws: ReportError.badMoment(text: String(repeating: "9", count: 40))) {
            try ReportMoment.milliseconds(text, now: Self.now)
        }
    }

    @Test func `a period has the days that its moments touch`() throws {
        let day = CalendarDay.milliseconds
        #expect(try ReportPeriod(since: 0, until: day).text == "1970-01-01")
        #expect(try ReportPeriod(since: day - 1, until: day + 1).text == "1970-01-01 to 1970-01-02")
        #expect(throws: ReportError.emptyPeriod) { try ReportPeriod(since: 5, until: 5) }
        #expect(throws: ReportError.emptyPeriod) { try ReportPeriod(since: 6, until: 5) }
    }
}
