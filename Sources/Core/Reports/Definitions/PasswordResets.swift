extension ReportDefinition {
    /// How many passwords were reset, when, and by whom.
    public static let passwordResets = ReportDefinition(
        "audit-password-resets", .auditLogs, title: "Password resets",
        question: "How many password resets were there?",
        parameters: [.interval, .user],
        figures: [
            ReportColumn("resets", "Password resets", .count),
            ReportColumn("users", "Users", .count),
        ],
        charts: [
            .stacked(
                title: "Password resets", table: "periods", axis: "period",
                series: [ReportChart.Series("resets", "Resets", .plain(0))]),
            .bars(
                title: "By whom", table: "actors", label: "by", value: "resets", tone: .plain(1)),
        ],
        tables: [
            ReportTable(
                "periods", "Over time",
                [ReportColumn("period", "Period"), ReportColumn("resets", "Resets", .count)]),
            ReportTable(
                "actors", "By whom",
                [ReportColumn("by", "By"), ReportColumn("resets", "Resets", .count)]),
            ReportTable(
                "resets", "Resets, the latest first",
                [
                    ReportColumn("at", "When (UTC)", .time), ReportColumn("user", "User"),
                    ReportColumn("by", "By"), ReportColumn("from", "From"),
                ]),
        ])
}
