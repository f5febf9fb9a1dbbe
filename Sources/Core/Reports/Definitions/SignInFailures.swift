extension ReportDefinition {
    /// What failed, for which accounts, and why.
    public static let signInFailures = ReportDefinition(
        "sign-in-failures", .signIns, title: "Failed sign-ins",
        question: "How many sign-ins failed, for which accounts, and why?",
        parameters: [.application, .user],
        figures: [
            ReportColumn("failed", "Failed sign-ins", .count),
            ReportColumn("accounts", "Accounts", .count),
        ],
        charts: [
            .bars(
                title: "Reasons", table: "reasons", label: "reason", value: "failed", tone: .bad),
            .bars(
                title: "Accounts with the most failures", table: "accounts", label: "user",
                value: "failed", tone: .bad),
        ],
        tables: [
            ReportTable(
                "accounts", "Accounts",
                [
                    ReportColumn("user", "User", unknown: "(none given)"),
                    ReportColumn("failed", "Failed", .count),
                    ReportColumn("last", "Last (UTC)", .time), ReportColumn("reasons", "Reasons"),
                ]),
            ReportTable(
                "reasons", "Reasons",
                [
                    ReportColumn("reason", "Reason"), ReportColumn("failed", "Failed", .count),
                    ReportColumn("share", "Of all, %", .share),
                ]),
        ])
}
