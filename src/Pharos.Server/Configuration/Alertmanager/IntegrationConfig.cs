using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>One entry of a receiver's <c>*_configs</c>.</summary>
/// <param name="Options">What the entry says, global defaults already applied.</param>
/// <param name="Http">How its HTTP client connects.</param>
/// <param name="Create">Makes what sends.</param>
internal sealed record IntegrationConfig(object Options, HttpClientConfig Http, Func<ReceiverSetup, INotifier> Create)
{
    /// <summary>Where the entry stands, for what is found out about it later.</summary>
    public string Path { get; init; } = "";

    public int Line { get; init; }

    public int Column { get; init; }
}
