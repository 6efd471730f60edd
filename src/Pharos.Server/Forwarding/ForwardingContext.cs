using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;

namespace Pharos.Server.Forwarding;

/// <summary>What all Alertmanagers that alerts go on to are reached with.</summary>
internal sealed record ForwardingContext
{
    /// <summary>Tells a server its own requests apart, by an identity that lasts as long as the process.</summary>
    public const string SenderHeader = "X-Pharos-Sender";

    public required ForwardingLimits Limits { get; init; }

    public required string UserAgent { get; init; }

    public required TargetFileReader ReadYamlTargets { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required Meter Meter { get; init; }

    public required ForwardingMetrics Metrics { get; init; }

    public string Sender { get; } = Guid.NewGuid().ToString("N");
}
