/// What pages look like: in the light, in the dark, and on paper.
enum StyleSheet {
    static let text = """
        :root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--ink:#17212b;--soft:#586775;--line:#dfe5ea;\
        --accent:#1f5f8b;--good:#2f8f6b;--bad:#c8453b;--open:#d39a2c;\
        --t0:#3573a8;--t1:#2f8f8a;--t2:#7a63b8;--t3:#b56a38;--t4:#5d8a3c;--t5:#b0567f;--t6:#4f6d8f;\
        --t7:#8a7a2f;--t8:#3f97b5;--t9:#9a5454;--t10:#6b6f9e;--t11:#7c8a94;\
        --h0:#edf1f4;--h1:#cfe3f0;--h2:#9cc5e0;--h3:#629fc9;--h4:#33769f;--h5:#174f76}
        @media (prefers-color-scheme:dark){:root{--page:#10161c;--card:#182129;--ink:#e4eaef;--soft:#93a3b1;\
        --line:#2a3641;--accent:#7db8e0;--good:#4bb58c;--bad:#e8756a;--open:#e0b04c;\
        --t0:#63a3d8;--t1:#55b8b2;--t2:#a48fe0;--t3:#dc9764;--t4:#8bbb66;--t5:#dc86ad;--t6:#86a5c8;\
        --t7:#bfae5c;--t8:#6cc3e0;--t9:#cc8585;--t10:#9ba0d0;--t11:#a3b1bb;\
        --h0:#1f2a33;--h1:#1d3f57;--h2:#245a7d;--h3:#327ba6;--h4:#519fcb;--h5:#8fcbee}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:1080px;margin:0 auto;padding:32px 24px 48px}
        header{margin-bottom:24px}
        .area{margin:0;color:var(--accent);font-size:12px;font-weight:650;letter-spacing:.08em;text-transform:uppercase}
        h1{margin:4px 0 2px;font-size:30px;line-height:1.2;letter-spacing:-.01em}
        .question{margin:0;color:var(--soft);font-size:17px}
        .subject{display:flex;flex-wrap:wrap;gap:6px 28px;margin:16px 0 0}
        .subject dt{color:var(--soft);font-size:12px}
        .subject dd{margin:0;font-weight:550;overflow-wrap:anywhere}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(178px,1fr));gap:12px;margin-bottom:16px}
        .figure,.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
        .figure{padding:14px 16px;display:flex;flex-direction:column}
        .figure .value{font-size:26px;font-weight:650;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
        .figure.time .value{font-size:15px;letter-spacing:0;line-height:39px;white-space:nowrap}
        .figure .name{color:var(--soft);font-size:13px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:16px;margin-bottom:16px}
        .card{margin:0 0 16px;padding:16px 20px}
        .charts .card{margin:0}
        .wide{grid-column:1/-1}
        figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 20px;margin-bottom:10px}
        h2{margin:0;font-size:16px}
        section.card h2{margin-bottom:10px}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none;color:var(--soft);font-size:13px}
        .legend li::before{content:"";display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:3px;\
        background:var(--c)}
        svg{display:block;width:100%;height:auto}
        svg.bars{max-width:520px}
        svg text{font-size:12px;fill:var(--soft)}
        svg .label{fill:var(--ink)}
        svg .number{font-variant-numeric:tabular-nums}
        rect{fill:var(--c)}
        .grid{stroke:var(--line)}.axis{stroke:var(--soft)}
        .good{--c:var(--good)}.bad{--c:var(--bad)}.open{--c:var(--open)}
        .tone0{--c:var(--t0)}.tone1{--c:var(--t1)}.tone2{--c:var(--t2)}.tone3{--c:var(--t3)}.tone4{--c:var(--t4)}\
        .tone5{--c:var(--t5)}.tone6{--c:var(--t6)}.tone7{--c:var(--t7)}.tone8{--c:var(--t8)}.tone9{--c:var(--t9)}\
        .tone10{--c:var(--t10)}.tone11{--c:var(--t11)}
        .heat0{--c:var(--h0)}.heat1{--c:var(--h1)}.heat2{--c:var(--h2)}.heat3{--c:var(--h3)}.heat4{--c:var(--h4)}\
        .heat5{--c:var(--h5)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th,td{padding:7px 12px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
        th{color:var(--soft);font-size:12px;font-weight:600;white-space:nowrap}
        tbody tr:last-child td{border-bottom:0}
        td.short{white-space:nowrap}td.long{overflow-wrap:anywhere;min-width:15em}
        td.count,th.count,td.share,th.share{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td.time{white-space:nowrap;font-variant-numeric:tabular-nums}
        td bdi{display:inline-block;max-width:100%;overflow:hidden;vertical-align:top}
        .unknown,.empty{color:var(--soft)}
        .empty{margin:8px 0 0}
        footer{color:var(--soft);font-size:13px}footer p{margin:4px 0}
        code{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;font-size:12px}
        @media print{:root{color-scheme:light}body{background:#fff;font-size:11px}main{max-width:none;padding:0}\
        .figure,.card{break-inside:avoid;border-color:#bbb}section.card{break-inside:auto}\
        tr{break-inside:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
