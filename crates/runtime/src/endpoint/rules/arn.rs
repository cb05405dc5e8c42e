//! `aws.parseArn`.

/// The parts of an Amazon Resource Name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// The partition, not empty.
    pub partition: &'a str,
    /// The service, not empty.
    pub service: &'a str,
    /// The region; empty where the resource has none.
    pub region: &'a str,
    /// The account; empty where the resource has none.
    pub account_id: &'a str,
    /// The rest, split at `:` and `/`; its parts may be empty, but not all of it.
    pub resource_id: Vec<&'a str>,
}

/// `aws.parseArn`: nothing where the text is no ARN of six parts.
pub fn parse_arn(text: &str) -> Option<Arn<'_>> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let (prefix, partition, service, region) = (next()?, next()?, next()?, next()?);
    let (account_id, resource) = (next()?, next()?);
    if prefix != "arn" || partition.is_empty() || service.is_empty() || resource.is_empty() {
        return None;
    }
    Some(Arn { partition, service, region, account_id, resource_id: resource.split([':', '/']).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        let check = |text: &str, expected: Option<(&str, &str, &str, &str, &[&str])>| {
            let arn = parse_arn(text);
            let found =
                arn.as_ref().map(|a| (a.partition, a.service, a.region, a.account_id, a.resource_id.as_slice()));
            assert_eq!(found, expected, "{text}");
        };
        check("arn:aws:sns:us-west-2:12:topic", Some(("aws", "sns", "us-west-2", "12", &["topic"])));
        check("arn:aws:ec2:us-east-1:12:vpc/vpc-1:x", Some(("aws", "ec2", "us-east-1", "12", &["vpc", "vpc-1", "x"])));
        check("arn:aws:s3:::bucket", Some(("aws", "s3", "", "", &["bucket"])));
        check("arn:aws:s3:::a:", Some(("aws", "s3", "", "", &["a", ""])));
        check("arn:aws:s3:::", None);
        check("arn::s3:::bucket", None);
        check("arn:aws::::bucket", None);
        check("urn:aws:s3:::bucket", None);
        check("arn:aws:s3", None);
        check("", None);
    }
}
