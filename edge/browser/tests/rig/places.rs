//! Every screen, with somebody who sees it.

/// The scheme of the year.
pub(crate) const SCHEME: &str = "/schemes/%E6%B0%91%E7%94%9F2026";

/// A screen: its name, who looks at it (nobody, where it is open), and its address.
pub(crate) type Screen = (&'static str, &'static str, &'static str);

/// Every screen there is.
pub(crate) const SCREENS: &[Screen] = &[
    ("login", "", "/login"),
    ("desk-clerk", "yi-clerk", "/"),
    ("desk", "kaoping", "/"),
    ("ranking", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/ranking"),
    ("targets", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/targets"),
    ("targets-hand", "yi-kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/targets?hand=1"),
    ("targets-unit", "jia-signer", "/schemes/%E6%B0%91%E7%94%9F2026/targets?unit=%E7%94%B2%E5%8E%BF&item=101"),
    ("matters", "kaoping", "/matters"),
    ("why-total", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/why/%E4%B9%99%E5%8E%BF/-"),
    ("why", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/why/%E7%94%B2%E5%8E%BF/304"),
    ("sheets", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/sheet?round=%E5%8D%8A%E5%B9%B4"),
    ("sheet", "kaoping2", "/schemes/%E6%B0%91%E7%94%9F2026/sheet?round=%E5%8D%8A%E5%B9%B4&unit=%E4%B9%99%E5%8E%BF"),
    ("sheet-own", "yi-signer", "/schemes/%E6%B0%91%E7%94%9F2025/sheet?unit=%E4%B9%99%E5%8E%BF"),
    ("reports", "kaoping", "/reports"),
    ("ask", "kaoping", "/reports/ask?scheme=%E6%B0%91%E7%94%9F2026"),
    ("report", "yi-clerk", "/reports/%E5%B0%B1%E4%B8%9A%E7%A4%BE%E4%BF%9D-2026-07/%E4%B9%99%E5%8E%BF"),
    ("standards", "kaoping", "/schemes"),
    ("standard", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026"),
    ("writing", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/edit"),
    ("what-if", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/what-if"),
    ("honesty", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/honesty"),
    ("inspections", "ducha", "/inspections"),
    ("figures", "kaoping", "/figures?figure=%E5%9F%8E%E9%95%87%E7%99%BB%E8%AE%B0%E5%A4%B1%E4%B8%9A%E7%8E%87"),
    ("burden", "kaoping", "/burden"),
    ("record", "shenji", "/record"),
    ("entry", "shenji", "/record/300"),
    ("offices", "kaoping", "/offices"),
    ("office", "kaoping", "/offices/%E4%B9%99%E5%8E%BF"),
    ("people", "security", "/people"),
    ("persons", "yi-clerk", "/persons"),
    ("calendar", "kaoping", "/calendar"),
    ("settings", "yi-clerk", "/settings"),
    ("public", "", "/public"),
    ("published", "", "/public/%E6%B0%91%E7%94%9F2025/-"),
    ("verify", "", "/verify"),
    ("awards", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/awards?round=%E5%8D%8A%E5%B9%B4"),
];
