using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads <c>global</c>.</summary>
internal static class GlobalSection
{
    public const string DefaultSlackAppUrl = "https://slack.com/api/chat.postMessage";

    /// <summary>Secrets of integrations that do not send yet; each has a <c>_file</c> twin.</summary>
    private static readonly string[] OtherSecrets =
    [
        "opsgenie_api_key", "wechat_api_secret", "victorops_api_key", "telegram_bot_token", "rocketchat_token",
        "rocketchat_token_id", "mattermost_webhook_url",
    ];

    private static readonly string[] OtherKeys =
    [
        "opsgenie_api_url", "wechat_api_url", "wechat_api_corp_id", "victorops_api_url", "telegram_api_url", "webex_api_url",
        "rocketchat_api_url", "jira_api_url",
    ];

    public static AlertmanagerGlobal Read(YamlMappingReader section)
    {
        var apiUrl = SecretUrl.Read(section, "slack_api_url");
        var appToken = section.SecretOrFile("slack_app_token", "slack_app_token_file");
        var appUrl = section.Text("slack_app_url", DefaultSlackAppUrl);
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
            PagerDutyUrl = section.Text("pagerduty_url", Alerting.Receivers.PagerDuty.PagerDutyOptions.DefaultUrl),
            Given = ReadOthers(section),
        };
        section.Done();
        return global;
    }

    private static HashSet<string> ReadOthers(YamlMappingReader section)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in OtherSecrets)
        {
            if (section.SecretOrFile(key, $"{key}_file") is not null)
            {
                given.Add(key);
            }
        }
        foreach (var key in OtherKeys)
        {
            if (section.Text(key).Length > 0)
            {
                given.Add(key);
            }
        }
        return given;
    }
}
