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
    ("awards", "kaoping", "/schemes/%E6%B0%91%E7%94%9F2026/awards?round=%E5%8D%8A%E5%B9%B4"),
];
