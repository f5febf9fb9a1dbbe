extension ReportDefinition {
    /// Rows of the sign-in log. Not one of ``all``: it is asked for by itself, page by page.
    public static let signInLog = ReportDefinition(
        "sign-in-log", .signIns, title: "Sign-in log", question: "Which sign-ins were there?",
        parameters: [.user, .application],
        tables: [
            ReportTable(
                "sign-ins", "Sign-ins, the latest first",
                [
                    ReportColumn("number", "Number", .count),
                    ReportColumn("at", "When (UTC)", .time),
                    ReportColumn("outcome", "Outcome"), ReportColumn("reason", "Reason"),
                    ReportColumn("user", "User"), ReportColumn("app", "Application"),
                    ReportColumn("method", "Method"), ReportColumn("address", "Address"),
                    ReportColumn("country", "Country"),
                    ReportColumn("requirement", "Requirement"),
                    ReportColumn("policies", "Policies"),
                    ReportColumn("kind", "Kind of program", isDetail: true),
                    ReportColumn("program", "Program", isDetail: true),
                    ReportColumn("client", "Front end", isDetail: true),
                    ReportColumn("cred", "Credential", isDetail: true),
                    ReportColumn("rp", "Relying party", isDetail: true),
                    ReportColumn("device", "Device", isDetail: true),
                    ReportColumn("hardware", "In hardware", isDetail: true),
                    ReportColumn("uv", "Person verified", isDetail: true),
                    ReportColumn("counter", "Counter", .count, isDetail: true),
                    ReportColumn("password", "Password", isDetail: true),
                    ReportColumn("policy", "Conditional access", isDetail: true),
                    ReportColumn("user-risk", "User risk", isDetail: true),
                    ReportColumn("sign-in-risk", "Sign-in risk", isDetail: true),
                    ReportColumn("correlation", "Correlation", isDetail: true),
                    ReportColumn("processing", "Processing, µs", .count, isDetail: true),
                    ReportColumn("steps", "Steps", isDetail: true),
                ])
        ])
}
