extension ReportDefinition {
    /// Who signs in to an application; without one, what is signed in to.
    public static let applicationUsers = ReportDefinition(
        "audit-app-users", .auditLogs, title: "Users of applications",
        question: "Which users sign in to an application?",
        parameters: [.application],
        figures: [
            ReportColumn("users", "Users who signed in", .count),
            ReportColumn("refused", "Accounts never let in", .count),
            ReportColumn("succeeded", "Sign-ins", .count), ReportColumn("failed", "Failed", .count),
            ReportColumn("interrupted", "Not finished", .count),
        ],
        charts: [
            .bars(
                title: "Most active users", table: "users", label: "user", value: "succeeded",
                tone: .good),
            .bars(
                title: "Sign-ins by application", table: "applications", label: "application",
                value: "succeeded", tone: .good),
        ],
        tables: [
            ReportTable(
                "users", "Users",
                [
                    ReportColumn("user", "User", unknown: "(none given)"),
                    ReportColumn("succeeded", "Sign-ins", .count),
                    ReportColumn("failed", "Failed", .count),
                    ReportColumn("interrupted", "Not finished", .count),
                    ReportColumn("first", "First (UTC)", .time),
                    ReportColumn("last", "Last (UTC)", .time),
                ]),
            ReportTable(
                "applications", "Applications",
                [
                    ReportColumn("application", "Application", unknown: "(none given)"),
                    ReportColumn("succeeded", "Sign-ins", .count),
                    ReportColumn("failed", "Failed", .count),
                    ReportColumn("interrupted", "Not finished", .count),
                ]),
        ])
}
