using System.Security.Cryptography;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Events;

/// <summary>An event of PagerDuty's Events API v2 that is in order.</summary>
internal sealed record PagerDutyEvent
{
    /// <summary>The label with the event's <c>dedup_key</c>.</summary>
    public const string DedupKeyLabel = "dedup_key";

    /// <summary>The label that tells routing keys apart without telling them.</summary>
    public const string RoutingKeyLabel = "routing_key_hash";

    public const string SeverityLabel = "severity";

    private const int HashDigits = 16;

    public required string RoutingKey { get; init; }

    public required PagerDutyAction Action { get; init; }

    public required string DedupKey { get; init; }

    /// <summary>Only of a trigger, as all that follows.</summary>
    public string Summary { get; init; } = "";

    public string Source { get; init; } = "";

    public string Severity { get; init; } = "";

    public string Class { get; init; } = "";

    public string Component { get; init; } = "";

    public string Group { get; init; } = "";

    public DateTimeOffset? Timestamp { get; init; }

    public string ClientUrl { get; init; } = "";

    public IReadOnlyList<Label> Annotations { get; init; } = [];

    /// <summary>The first digits of the routing key's SHA-256: the key lets its owner send events, and labels are shown to everybody.</summary>
    public string RoutingKeyHash => HashOf(RoutingKey);

    public static string HashOf(string routingKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(routingKey)))[..HashDigits];

    /// <summary>The labels of an alert that this event opens. The class names the kind of problem; without one the summary does.</summary>
    public LabelSet Labels() => LabelSet.From(
        ("alertname", Class.Length > 0 ? Class : Summary),
        (SeverityLabel, Severity),
        ("source", Source),
        ("class", Class),
        ("component", Component),
        ("group", Group),
        (DedupKeyLabel, DedupKey),
        (RoutingKeyLabel, RoutingKeyHash));
}
