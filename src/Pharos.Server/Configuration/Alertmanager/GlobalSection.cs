using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads <c>global</c>.</summary>
internal static class GlobalSection
{
    private static readonly AlertmanagerGlobal Defaults = new();

    public static AlertmanagerGlobal Read(YamlMappingReader section)
    {
        var apiUrl = SecretUrl.Read(section, "slack_api_url");
        var appToken = section.SecretOrFile("slack_app_token", "slack_app_token_file");
        var appUrl = ApiUrl.Read(section, "slack_app_url", Defaults.SlackAppUrl);
        // The web API's own address beside a token is an old way to use bots, and says nothing different.
        if (appToken is not null && apiUrl is not null && (apiUrl.File is not null || apiUrl.Reveal() != appUrl))
        {
            section.ErrorAt("slack_app_token",
                "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured");
        }
        var resolveTimeout = section.Duration("resolve_timeout", TimeSpan.FromMinutes(5));
        var global = new AlertmanagerGlobal
        {
            ResolveTimeout = resolveTimeout,
            Http = section.Find("http_config") is { } http ? HttpClientSection.Read(http) : HttpClientConfig.Default,
            SmtpFrom = section.Text("smtp_from"),
            SmtpHello = section.Text("smtp_hello") is { Length: > 0 } hello ? hello : "localhost",
            SmtpSmarthost = section.Find("smtp_smarthost") is { } smarthost ? HostAndPort.Read(smarthost) : null,
            SmtpAuthUsername = section.Text("smtp_auth_username"),
            SmtpAuthPassword = section.SecretOrFile("smtp_auth_password", "smtp_auth_password_file"),
            SmtpAuthSecret = section.SecretOrFile("smtp_auth_secret", "smtp_auth_secret_file"),
            SmtpAuthIdentity = section.Text("smtp_auth_identity"),
            SmtpRequireTls = section.Flag("smtp_require_tls", true),
            SmtpForceImplicitTls = section.OptionalFlag("smtp_force_implicit_tls"),
            SmtpTls = section.Mapping("smtp_tls_config") is { } tls ? TlsSection.Read(tls) : TlsConfig.Default,
            SlackApiUrl = apiUrl,
            SlackAppToken = appToken,
            SlackAppUrl = appUrl,
            PagerDutyUrl = ApiUrl.Read(section, "pagerduty_url", Defaults.PagerDutyUrl),
            OpsGenieApiUrl = ApiUrl.Read(section, "opsgenie_api_url", Defaults.OpsGenieApiUrl),
            OpsGenieApiKey = section.SecretOrFile("opsgenie_api_key", "opsgenie_api_key_file"),
            WeChatApiUrl = ApiUrl.Read(section, "wechat_api_url", Defaults.WeChatApiUrl),
            WeChatApiSecret = section.SecretOrFile("wechat_api_secret", "wechat_api_secret_file"),
            WeChatApiCorpId = section.Text("wechat_api_corp_id"),
            VictorOpsApiUrl = ApiUrl.Read(section, "victorops_api_url", Defaults.VictorOpsApiUrl),
            VictorOpsApiKey = section.SecretOrFile("victorops_api_key", "victorops_api_key_file"),
            TelegramApiUrl = ApiUrl.Read(section, "telegram_api_url", Defaults.TelegramApiUrl),
            TelegramBotToken = section.SecretOrFile("telegram_bot_token", "telegram_bot_token_file"),
            WebexApiUrl = ApiUrl.Read(section, "webex_api_url", Defaults.WebexApiUrl),
            JiraApiUrl = ApiUrl.Read(section, "jira_api_url", Defaults.JiraApiUrl),
            RocketChatApiUrl = ApiUrl.Read(section, "rocketchat_api_url", Defaults.RocketChatApiUrl),
            RocketChatToken = section.SecretOrFile("rocketchat_token", "rocketchat_token_file"),
            RocketChatTokenId = section.SecretOrFile("rocketchat_token_id", "rocketchat_token_id_file"),
            MattermostWebhookUrl = SecretUrl.Read(section, "mattermost_webhook_url"),
        };
        section.Done();
        return global;
    }
}
