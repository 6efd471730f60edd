namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Alertmanager's integrations that do not send yet (prometheus.io/docs/alerting/latest/configuration).</summary>
internal static class IntegrationSchemas
{
    public static readonly IReadOnlyList<IntegrationSchema> All =
    [
        new("webex", "api_url message room_id") { Required = "room_id http_config" },
        new("sns", "api_url topic_arn phone_number target_arn subject message attributes use_aws_http_client")
            { AnyOf = "topic_arn phone_number target_arn" },
        new("wechat", "api_url corp_id to_user to_party to_tag agent_id message message_type")
            { Secrets = [("api_secret", static global => global.WeChatApiSecret)] },
        new("jira", "api_url api_type project summary description labels priority issue_type reopen_transition resolve_transition " +
            "wont_fix_resolution reopen_duration fields") { Required = "project issue_type" },
        new("rocketchat", "api_url channel color title title_link text fields short_fields emoji icon_url image_url thumb_url " +
            "link_names actions") { Secrets = [("token", static global => global.RocketChatToken), ("token_id", static global => global.RocketChatTokenId)] },
        new("mattermost", "channel username text fallback color pretext author_name author_link author_icon title title_link " +
            "fields thumb_url footer footer_icon image_url icon_url icon_emoji attachments type props priority")
            { Secrets = [("webhook_url", static global => global.MattermostWebhookUrl)] },
        new("incidentio", "alert_source_token alert_source_token_file max_alerts timeout") { Secrets = [("url", null)] },
    ];
}
