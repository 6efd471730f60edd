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

    public string SlackAppUrl { get; init; } = GlobalSection.DefaultSlackAppUrl;

    public string PagerDutyUrl { get; init; } = Alerting.Receivers.PagerDuty.PagerDutyOptions.DefaultUrl;

    /// <summary>The other global keys that are there, without <c>_file</c>: what the integrations that do not send yet may rely on.</summary>
    public IReadOnlySet<string> Given { get; init; } = new HashSet<string>();
}
