//! The hosts that are reached directly although there is a proxy: `NO_PROXY`.

use std::net::IpAddr;

/// A list of exceptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NoProxy(Vec<Rule>);

/// Hosts, at one port or at any.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// The addresses that have these first bits in common.
    Network(IpAddr, u32),
    /// This name, which ends without a dot, and those below it.
    Domain(String),
}

impl NoProxy {
    /// Reads a list that commas or white space part. What cannot be understood excepts nothing.
    pub(super) fn parse(text: &str) -> Self {
        let entries = text.split(|sign: char| sign == ',' || sign.is_whitespace());
        Self(entries.filter_map(Rule::parse).collect())
    }

    /// The exceptions of this list as well.
    pub(super) fn add(&mut self, text: &str) {
        self.0.extend(Self::parse(text).0);
    }

    /// Whether a host is excepted: a name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) fn covers(&self, host: &str, port: u16) -> bool {
        let address = address_of(host);
        let name = host.strip_suffix('.').unwrap_or(host);
        let at_port = |rule: &&Rule| rule.port.is_none_or(|only| only == port);
        self.0.iter().filter(at_port).any(|rule| match (&rule.hosts, address) {
            (Hosts::All, _) => true,
            (Hosts::Network(network, bits), Some(address)) => is_within(address, *network, *bits),
            (Hosts::Domain(domain), None) => is_at_or_below(name, domain),
            _ => false,
        })
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((address, bits)) = entry.split_once('/') {
            return Hosts::network(address, bits.parse().ok()?).map(|hosts| Self { hosts, port: None });
        }
        // The colons of an IPv6 address begin no port.
        if let Some(hosts) = Hosts::address(entry) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        Hosts::parse(host).map(|hosts| Self { hosts, port })
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        Self::address(text).or_else(|| {
            let name = text.strip_prefix('*').unwrap_or(text);
            let name = name.strip_prefix('.').unwrap_or(name);
            let name = name.strip_suffix('.').unwrap_or(name);
            (!name.is_empty()).then(|| Self::Domain(name.to_owned()))
        })
    }

    fn address(text: &str) -> Option<Self> {
        address_of(text).map(|address| Self::Network(address, length(address)))
    }

    fn network(address: &str, bits: u32) -> Option<Self> {
        /// So many bits say that an IPv6 address stands for one of IPv4.
        const MAPPED: u32 = 96;
        let written = bare(address).parse::<IpAddr>().ok().filter(|address| bits <= length(*address))?;
        let canonical = written.to_canonical();
        match bits.checked_sub(MAPPED) {
            Some(rest) if canonical != written => Some(Self::Network(canonical, rest)),
            _ => Some(Self::Network(written, bits)),
        }
    }
}

/// The address that a host is, with or without brackets; one of IPv4 that is written as IPv6 is one of IPv4.
pub(super) fn address_of(host: &str) -> Option<IpAddr> {
    bare(host).parse().ok().map(|address: IpAddr| address.to_canonical())
}

/// An address without brackets.
fn bare(address: &str) -> &str {
    address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address)
}

/// How many bits an address has.
fn length(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            // A shift by all bits is none that a computer does.
            let difference = address.to_bits() ^ network.to_bits();
            difference.checked_shr(32u32.saturating_sub(bits)).unwrap_or_default() == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let difference = address.to_bits() ^ network.to_bits();
            difference.checked_shr(128u32.saturating_sub(bits)).unwrap_or_default() == 0
        }
        _ => false,
    }
}

fn is_at_or_below(name: &str, domain: &str) -> bool {
    let above = name.len().checked_sub(domain.len()).and_then(|start| Some((name.get(..start)?, name.get(start..)?)));
    above.is_some_and(|(below, end)| end.eq_ignore_ascii_case(domain) && (below.is_empty() || below.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these hosts are excepted, and which are not.
    fn check(list: &str, excepted: &[&str], others: &[&str]) {
        let rules = NoProxy::parse(list);
        for (hosts, expected) in [(excepted, true), (others, false)] {
            for host in hosts {
                assert_eq!(rules.covers(host, 443), expected, "{list}: {host}");
            }
        }
    }

    #[test]
    fn names_stand_for_what_is_below_them_too() {
        for list in ["example.com", ".example.com", "*.example.com", "EXAMPLE.com.", "a, example.com\tb"] {
            let others = ["notexample.com", "example.com.evil", "com", "example.co", "é.example.net"];
            check(list, &["example.com", "a.b.example.com", "Example.COM", "example.com."], &others);
        }
        check("*", &["example.com", "10.0.0.1", "[::1]"], &[]);
        check("localhost", &["localhost"], &["127.0.0.1", "[::1]"]);
        check("", &[], &["example.com", ""]);
        check(".,*.,,/", &[], &["example.com", "10.0.0.1"]);
    }

    #[test]
    fn addresses_and_networks_are_compared_as_numbers() {
        check("10.1.2.3", &["10.1.2.3", "[::ffff:10.1.2.3]"], &["10.1.2.30", "110.1.2.3", "[::a01:203]"]);
        check("2.3", &[], &["10.1.2.3"]);
        for list in ["::1", "[::1]", "0:0::1"] {
            check(list, &["[::1]", "::1"], &["[::2]", "0.0.0.1"]);
        }
        check("10.0.0.0/8", &["10.255.0.1"], &["11.0.0.1", "[a00::]", "10.example"]);
        check("192.168.1.77/30", &["192.168.1.76", "192.168.1.79"], &["192.168.1.75", "192.168.1.80"]);
        check("fd00::/8,[fe80::]/10", &["[fdff::1]", "[febf::1]"], &["[fe00::1]", "[fec0::1]"]);
        check("0.0.0.0/0", &["1.2.3.4"], &["[::1]", "example.com"]);
        check("::/0", &["[::1]"], &["1.2.3.4"]);
        check("1.2.3.4/32,::5/128", &["1.2.3.4", "[::5]"], &["1.2.3.5", "[::4]"]);
        // As hosts are compared: those that are mapped are addresses of IPv4.
        check("::ffff:10.0.0.0/104", &["10.1.2.3", "[::ffff:10.1.2.3]"], &["11.0.0.1", "[::a00:1]"]);
        check("[::ffff:10.0.0.0]/96", &["10.1.2.3", "11.0.0.1"], &["[::1]", "example.com"]);
        check("::ffff:10.1.2.3/128", &["10.1.2.3"], &["10.1.2.2"]);
        check("::ffff:10.0.0.0/95,::ffff:10.0.0.0/129", &["[::fffe:0:0]"], &["10.0.0.0"]);
        check("10.0.0.0/33,10.0.0.0/-1,10.0.0.0/a,x/8,::/129", &[], &["10.0.0.0", "x", "[::]"]);
    }

    #[test]
    fn a_port_excepts_at_that_port_alone() {
        check("example.com:443,10.0.0.1:443,[::1]:443", &["a.example.com", "10.0.0.1", "[::1]"], &["example.org"]);
        check("example.com:80,10.0.0.1:80,[::1]:80", &[], &["example.com", "10.0.0.1", "[::1]"]);
        check("*:443", &["example.com"], &[]);
        check("example.com:https,10.0.0.1:x,[::1]:", &[], &["example.com", "10.0.0.1", "[::1]"]);
    }
}
