namespace Pharos.Server.Tests.Alerting;

/// <summary>A receiver of every kind that speaks HTTP, each with all its secrets inline.</summary>
internal static class ReceiverEntries
{
    /// <summary>Stands in every secret below.</summary>
    public const string SecretPart = "s3cr3t-t0ken";

    /// <summary>An entry of each kind; <c>URL</c> is where its service listens.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["webhook"] = "{url: 'URL/s3cr3t-t0ken'}",
        ["pagerduty"] = "{url: 'URL/v2', routing_key: s3cr3t-t0ken-pd}",
        ["opsgenie"] = "{api_url: 'URL/', api_key: s3cr3t-t0ken-og}",
        ["wechat"] = "{api_url: 'URL/', api_secret: s3cr3t-t0ken-wc, corp_id: c, send_resolved: true}",
        ["slack"] = "{api_url: 'URL/s3cr3t-t0ken', send_resolved: true}",
        ["victorops"] = "{api_url: 'URL/', api_key: s3cr3t-t0ken-vo, routing_key: r}",
        ["pushover"] = "{user_key: s3cr3t-t0ken-user, token: s3cr3t-t0ken-app}",
        ["sns"] = "{api_url: 'URL/', topic_arn: t, sigv4: {region: r, access_key: s3cr3t-t0ken-id, secret_key: s3cr3t-t0ken-key}}",
        ["telegram"] = "{api_url: 'URL', bot_token: '12:s3cr3t-t0ken', chat_id: 7}",
        ["discord"] = "{webhook_url: 'URL/s3cr3t-t0ken'}",
        ["webex"] = "{api_url: 'URL/', room_id: r, http_config: {authorization: {credentials: s3cr3t-t0ken-wx}}}",
        ["msteams"] = "{webhook_url: 'URL/s3cr3t-t0ken'}",
        ["msteamsv2"] = "{webhook_url: 'URL/s3cr3t-t0ken'}",
        ["jira"] = "{api_url: 'URL/', project: p, issue_type: i, http_config: {authorization: {credentials: s3cr3t-t0ken-ji}}}",
        ["rocketchat"] = "{api_url: 'URL/', token: s3cr3t-t0ken-rc, token_id: s3cr3t-t0ken-id, send_resolved: true}",
        ["mattermost"] = "{webhook_url: 'URL/s3cr3t-t0ken'}",
        ["incidentio"] = "{url: 'URL/s3cr3t-t0ken', alert_source_token: s3cr3t-t0ken-io}",
    };
}
