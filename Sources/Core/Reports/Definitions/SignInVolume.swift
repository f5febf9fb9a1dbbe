extension ReportDefinition {
    /// How many sign-ins there are, and how many of them fail.
    public static let signInVolume = ReportDefinition(
        "sign-in-volume", .signIns, title: "Volume of sign-ins",
        question: "How many users sign in, by day, week or month?",
        parameters: [.application, .interval],
        figures: [
            ReportColumn("sign-ins", "Sign-ins", .count),
            ReportColumn("succeeded", "Succeeded", .count),
            ReportColumn("failed", "Failed", .count),
            ReportColumn("interrupted", "Not finished", .count),
            ReportColumn("failing", "Failed, of all", .share),
        ],
        charts: [
            .stacked(
                title: "Sign-ins", table: "periods", axis: "period",
                series: [
                    ReportChart.Series("succeeded", "Succeeded", .good),
                    ReportChart.Series("failed", "Failed", .bad),
                    ReportChart.Series("interrupted", "Not finished", .open),
                ])
        ],
        tables: [
            ReportTable(
                "periods", "Over time",
                [
                    ReportColumn("period", "Period"), ReportColumn("sign-ins", "Sign-ins", .count),
                    ReportColumn("succeeded", "Succeeded", .count),
                    ReportColumn("failed", "Failed", .count),
                    ReportColumn("interrupted", "Not finished", .count),
                    ReportColumn("failing", "Failed, %", .share),
                ])
        ])
}
