using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>The section <c>global</c>: what receivers inherit.</summary>
internal sealed record AlertmanagerGlobal
{
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;

    public string SmtpFrom { get; init; } = "";

    public string SmtpHello { get; init; } = "localhost";

    public HostAndPort? SmtpSmarthost { get; init; }

    public string SmtpAuthUsername { get; init; } = "";

    public Secret? SmtpAuthPassword { get; init; }

    public Secret? SmtpAuthSecret { get; init; }

    public string SmtpAuthIdentity { get; init; } = "";

    public bool SmtpRequireTls { get; init; } = true;

    public bool? SmtpForceImplicitTls { get; init; }

    public TlsConfig SmtpTls { get; init; } = TlsConfig.Default;

    public Secret? SlackApiUrl { get; init; }

    public Secret? SlackAppToken { get; init; }

    public string SlackAppUrl { get; init; } = "https://slack.com/api/chat.postMessage";

    public string PagerDutyUrl { get; init; } = PagerDutyOptions.DefaultUrl;

    public string OpsGenieApiUrl { get; init; } = "https://api.opsgenie.com/";

    public Secret? OpsGenieApiKey { get; init; }

    public string WeChatApiUrl { get; init; } = "https://qyapi.weixin.qq.com/cgi-bin/";

    public Secret? WeChatApiSecret { get; init; }

    public string WeChatApiCorpId { get; init; } = "";

    public string VictorOpsApiUrl { get; init; } = "https://alert.victorops.com/integrations/generic/20131114/alert/";

    public Secret? VictorOpsApiKey { get; init; }

    public string TelegramApiUrl { get; init; } = "https://api.telegram.org";

    public Secret? TelegramBotToken { get; init; }

    public string WebexApiUrl { get; init; } = "https://webexapis.com/v1/messages";

    /// <summary>Empty: each receiver names its own.</summary>
    public string JiraApiUrl { get; init; } = "";

    public string RocketChatApiUrl { get; init; } = "https://open.rocket.chat/";

    public Secret? RocketChatToken { get; init; }

    public Secret? RocketChatTokenId { get; init; }

    public Secret? MattermostWebhookUrl { get; init; }
}
