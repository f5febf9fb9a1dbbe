extension ReportDefinition {
    /// When, from where, with what and to what a user signs in.
    public static let signInPattern = ReportDefinition(
        "sign-in-pattern", .signIns, title: "Sign-in pattern of a user",
        question: "When, where from and with what does this user sign in?",
        required: [.user],
        figures: [
            ReportColumn("sign-ins", "Sign-ins", .count), ReportColumn("failed", "Failed", .count),
            ReportColumn("interrupted", "Not finished", .count),
            ReportColumn("first", "First (UTC)", .time), ReportColumn("last", "Last (UTC)", .time),
        ],
        charts: [
            .week(title: "When (UTC)", table: "hours", value: "sign-ins"),
            .bars(
                title: "Countries", table: "countries", label: "country", value: "sign-ins",
                tone: .plain(0)),
            .bars(
                title: "Methods", table: "methods", label: "method", value: "sign-ins",
                tone: .plain(1)),
            .bars(
                title: "Devices", table: "devices", label: "device", value: "sign-ins",
                tone: .plain(3)),
            .bars(
                title: "Applications", table: "applications", label: "application",
                value: "sign-ins", tone: .plain(2)),
        ],
        tables: [
            ReportTable(
                "latest", "The latest sign-ins",
                [
                    ReportColumn("at", "When (UTC)", .time), ReportColumn("outcome", "Outcome"),
                    ReportColumn("reason", "Reason"), ReportColumn("application", "Application"),
                    ReportColumn("method", "Method"), ReportColumn("address", "Address"),
                    ReportColumn("country", "Country"), ReportColumn("program", "Program"),
                ]),
            tally("countries", "Countries", ReportColumn("country", "Country", unknown: "unknown")),
            tally("networks", "Networks", ReportColumn("network", "Network", unknown: "unknown")),
            tally("devices", "Devices", ReportColumn("device", "Device", unknown: "unknown")),
            tally("programs", "Programs", ReportColumn("program", "Program", unknown: "unknown")),
            tally("kinds", "Kinds of program", ReportColumn("kind", "Kind", unknown: "unknown")),
            tally("methods", "Methods", ReportColumn("method", "Method")),
            tally(
                "applications", "Applications",
                ReportColumn("application", "Application", unknown: "(none given)")),
            ReportTable(
                "hours", "Hours of the week",
                [
                    ReportColumn("weekday", "Weekday", .count),
                    ReportColumn("hour", "Hour", .count),
                    ReportColumn("sign-ins", "Sign-ins", .count),
                ], isDrawnOnly: true),
        ])

    private static func tally(_ key: String, _ title: String, _ name: ReportColumn) -> ReportTable {
        ReportTable(
            key, title,
            [
                name, ReportColumn("sign-ins", "Sign-ins", .count),
                ReportColumn("failed", "Failed", .count),
                ReportColumn("last", "Last (UTC)", .time),
            ])
    }
}
